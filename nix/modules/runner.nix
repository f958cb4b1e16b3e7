# A runner: it carries runs out on the Docker engine of this host. Any number of hosts have one.
{ config, lib, ... }:
let
  cfg = config.services.cc-ci.runner;
  user = "cc-ci-runner";
  # What the unit may write to: systemd makes it, below /var/lib.
  folder = lib.removePrefix "/var/lib/" cfg.stateDir;
  service = import ./service.nix {
    inherit config lib;
    name = "runner";
    purpose = "a runner, which deploys and tests what was asked for";
    variables = {
      LOG_LEVEL = "logLevel";
      FORGE_TOKEN_FILE = "forgeTokenFile";
      CCCI_STATE = "stateDir";
      CCCI_CAPACITY = "capacity";
      DOCKER_HOST = "dockerHost";
      CCCI_PROXY_ADDRESS = "proxyAddress";
    };
    serviceConfig = {
      # A user that stays: the engine mounts folders of this one into containers, by their path.
      DynamicUser = false;
      User = user;
      Group = user;
      SupplementaryGroups = lib.optional (lib.hasPrefix "unix:" cfg.dockerHost) "docker";
      StateDirectory = folder;
      StateDirectoryMode = "0700";
      # Tests run as nobody, and read their files.
      UMask = "0022";
      # Tests write as nobody as well; what they leave, the runner removes. Whoever has the socket of the engine could do so anyway.
      AmbientCapabilities = [ "CAP_DAC_OVERRIDE" ];
      CapabilityBoundingSet = [ "CAP_DAC_OVERRIDE" ];
      SystemCallFilter = [ "@system-service" ];
      # Runs that go on are cleaned up first, a minute at most (services/runner/src/service.ts). Seconds.
      TimeoutStopSec = 90;
    };
  };
in
{
  options.services.cc-ci.runner = service.options;
  config = lib.mkIf cfg.enable {
    systemd.services.cc-ci-runner = service.unit // {
      wants = service.unit.wants ++ [ "docker.service" ];
      after = service.unit.after ++ [ "docker.service" "cc-ci-swarm.service" ];
    };
    users.users.${user} = {
      isSystemUser = true;
      group = user;
      description = "Runner of cc-ci";
    };
    users.groups.${user} = { };
    assertions = [
      {
        assertion = lib.hasPrefix "/var/lib/" cfg.stateDir;
        message = "`services.cc-ci.runner.stateDir` is ${cfg.stateDir}; it has to be a folder below /var/lib, which systemd makes for the runner.";
      }
      {
        assertion = !lib.hasPrefix "unix:" cfg.dockerHost || config.virtualisation.docker.enable;
        message = "The runner of cc-ci needs the Docker engine of this host: set `services.cc-ci.host.enable`, or `virtualisation.docker.enable` and make it a Swarm manager yourself.";
      }
    ];
  };
}
