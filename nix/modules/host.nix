# A host that runs of cc-ci are carried out on, or that its Redis is on. Everything here can also be done by other means.
{ config, lib, ... }:
let
  inherit (lib) escapeShellArg mkIf mkOption types;
  ours = config.services.cc-ci;
  cfg = ours.host;
  isLoopback = address: builtins.elem address [ "127.0.0.1" "::1" "127.0.0.1 ::1" ];
in
{
  options.services.cc-ci.host = {
    enable = lib.mkEnableOption "Docker with a Swarm of one node and the network that proxy and apps share";

    machineId = mkOption {
      type = types.nullOr (types.strMatching "[0-9a-f]{32}");
      default = null;
      example = "0123456789abcdef0123456789abcdef";
      description = "What `/etc/machine-id` of this host says. Switching another host to this configuration is then refused.";
    };

    swarm.advertiseAddress = mkOption {
      type = types.nonEmptyStr;
      default = "127.0.0.1";
      description = "Address by which other nodes would reach the Swarm. A runner needs a Swarm of its own, of one node; loopback never changes.";
    };

    swarm.addressPool = mkOption {
      type = types.strMatching "[0-9.]+/[0-9]+";
      default = "10.32.0.0/12";
      description = "Addresses that networks of apps are taken from, 256 for each. Must not overlap with what this host has to reach.";
    };

    proxyNetwork.name = mkOption {
      type = types.nonEmptyStr;
      default = ours.settings.deploy.network;
      defaultText = lib.literalExpression "config.services.cc-ci.settings.deploy.network";
      description = "Network that the proxy and the apps share.";
    };

    proxyNetwork.subnet = mkOption {
      type = types.strMatching "[0-9.]+/[0-9]+";
      default = "10.10.0.0/16";
      description = "Addresses of that network. Each service of each run takes two and gives them back late: the 256 that Docker gives by itself run out.";
    };

    openHttp = mkOption {
      type = types.bool;
      default = true;
      description = "Open ports 80 and 443 for the proxy. What Docker publishes by itself is open whatever the firewall says.";
    };

    redis.enable = lib.mkEnableOption "the Redis that all services share, on this host; each write is on the disk before it is answered";

    redis.bind = mkOption {
      type = types.nonEmptyStr;
      default = "127.0.0.1";
      example = "127.0.0.1 10.0.0.1";
      description = "Addresses that Redis listens on, for runners on other hosts: in a private network, since it speaks no TLS here.";
    };

    redis.passwordFile = mkOption {
      type = types.nullOr (types.strMatching "/.*");
      default = null;
      example = "/run/secrets/cc-ci-redis-password";
      description = "File with the password of Redis. The services are told it by `services.cc-ci.environmentFiles`, as part of REDIS_URL.";
    };

    redis.interfaces = mkOption {
      type = types.listOf types.nonEmptyStr;
      default = [ ];
      example = [ "wg0" ];
      description = "Network interfaces on which Redis is reached from other hosts.";
    };
  };

  config = lib.mkMerge [
    (mkIf cfg.enable {
      virtualisation.docker = {
        enable = true;
        # Swarm and live restore exclude each other.
        liveRestore = false;
        # It would throw away images that the next run needs, and the limits of registries are reached by pulling them again.
        autoPrune.enable = false;
        daemon.settings = {
          log-driver = "json-file";
          # An app that says too much must not fill the disk.
          log-opts = { max-size = "10m"; max-file = "3"; };
        };
      };

      systemd.services.cc-ci-swarm = {
        description = "cc-ci: this host is a Swarm of one node, with the network of the proxy";
        wantedBy = [ "multi-user.target" ];
        requires = [ "docker.service" ];
        after = [ "docker.service" ];
        path = [ config.virtualisation.docker.package ];
        serviceConfig.Type = "oneshot";
        # Idempotent, and run at each activation.
        script = ''
          state=$(docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}')
          case "$state" in
            "active true") ;;
            inactive*)
              # What it says holds the token by which nodes join.
              docker swarm init --advertise-addr ${escapeShellArg cfg.swarm.advertiseAddress} \
                --default-addr-pool ${escapeShellArg cfg.swarm.addressPool} --default-addr-pool-mask-length 24 >/dev/null
              ;;
            *)
              echo "This host belongs to a Swarm that it does not manage ($state). A runner needs a Swarm of its own: docker swarm leave --force, then start this unit again." >&2
              exit 1
              ;;
          esac
          network=${escapeShellArg cfg.proxyNetwork.name}
          wanted=${escapeShellArg cfg.proxyNetwork.subnet}
          found=$(docker network inspect "$network" --format '{{.Driver}} {{range .IPAM.Config}}{{.Subnet}}{{end}}' 2>/dev/null || true)
          case "$found" in
            "") docker network create --driver overlay --attachable --subnet "$wanted" "$network" ;;
            "overlay $wanted") ;;
            *)
              echo "The network $network is there, but as: $found. Wanted is: overlay $wanted. Remove it when no app uses it (docker network rm $network), then start this unit again." >&2
              exit 1
              ;;
          esac
        '';
      };

      networking.firewall.enable = lib.mkDefault true;
      networking.firewall.allowedTCPPorts = lib.optionals cfg.openHttp [ 80 443 ];

      system.preSwitchChecks = lib.optionalAttrs (cfg.machineId != null) {
        cc-ci-this-host = ''
          found=$(cat /etc/machine-id)
          if [ "$found" != ${cfg.machineId} ]; then
            echo "This configuration is for ${config.networking.hostName} (machine id ${cfg.machineId}), and this host is $found. Nothing was switched; choose the configuration of this host." >&2
            exit 1
          fi
        '';
      };
    })

    (mkIf cfg.redis.enable {
      services.redis.vmOverCommit = true;
      services.redis.servers.cc-ci = {
        enable = true;
        port = 6379;
        inherit (cfg.redis) bind;
        requirePassFile = cfg.redis.passwordFile;
        # What was answered was kept: a comment is acknowledged only once it is on the disk, and nothing is thrown away to make room.
        appendOnly = true;
        appendFsync = "always";
        settings.maxmemory-policy = "noeviction";
      };
      services.cc-ci.redisUrl = mkIf (cfg.redis.passwordFile == null) (lib.mkDefault "redis://127.0.0.1:6379");
      networking.firewall.interfaces = lib.genAttrs cfg.redis.interfaces (_: { allowedTCPPorts = [ 6379 ]; });
      assertions = [
        {
          assertion = isLoopback cfg.redis.bind || cfg.redis.passwordFile != null;
          message = "Redis of cc-ci would listen on ${cfg.redis.bind} without a password: set `services.cc-ci.host.redis.passwordFile`, or leave `bind` as it is.";
        }
      ];
    })
  ];
}
