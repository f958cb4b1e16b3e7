# What the services of one host share: the package, the instance file, Redis, the name of the host.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkIf mkOption types;
  inherit (import ./options-of.nix { inherit lib; }) optionsOf valueOf;

  cfg = config.services.cc-ci;
  schema = (import ./schema.nix).settings;
  format = pkgs.formats.yaml { };
  names = [ "trigger" "runner" "reporter" "infra" ];
  isUsed = lib.any (name: cfg.${name}.enable) names;

  # `ccci` as an operator types it, with what the services are told; what the shell has set goes first.
  ccci = pkgs.writeShellScriptBin "ccci" (lib.concatMapStringsSep "" (line: "${line}\n") (
    lib.optional (cfg.redisUrl != null) "export REDIS_URL=\"\${REDIS_URL:-${cfg.redisUrl}}\"" ++ [
      "export CCCI_SETTINGS=\"\${CCCI_SETTINGS:-${cfg.settingsFile}}\""
      "exec ${cfg.package}/bin/ccci \"$@\""
    ]
  ));
in
{
  options.services.cc-ci = {
    package = mkOption {
      type = types.package;
      default = pkgs.callPackage ../package.nix { };
      defaultText = lib.literalExpression "pkgs.callPackage ./nix/package.nix { }";
      description = "The services and `ccci`, with the programs that they call.";
    };

    settings = optionsOf [ "services" "cc-ci" "settings" ] schema;

    settingsFile = mkOption {
      type = types.path;
      readOnly = true;
      default = format.generate "cc-ci.yml" (valueOf schema cfg.settings);
      defaultText = lib.literalExpression "the instance file that is made of `services.cc-ci.settings`";
      description = "The instance file, to be read.";
    };

    redisUrl = mkOption {
      type = types.nullOr (types.strMatching "rediss?://.+");
      default = null;
      example = "redis://127.0.0.1:6379";
      description = ''
        Redis that all services share. The Nix store can be read by everybody: an address with a password belongs into a file of
        `services.cc-ci.environmentFiles`, as `REDIS_URL=…`.
      '';
    };

    environmentFiles = mkOption {
      type = types.listOf (types.strMatching "/.*");
      default = [ ];
      example = [ "/run/secrets/cc-ci-redis" ];
      description = "Files with variables for the services, `NAME=value` on each line, which systemd reads as root. They go before what the options say.";
    };

    hostName = mkOption {
      type = types.strMatching "[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?";
      default = config.networking.hostName;
      defaultText = lib.literalExpression "config.networking.hostName";
      description = "Name of this host: lower-case letters, digits, dashes. Two engines under one name are refused.";
    };
  };

  config = mkIf isUsed {
    environment.etc."cc-ci/cc-ci.yml".source = cfg.settingsFile;
    environment.systemPackages = [ ccci ];
    assertions = [
      {
        assertion = cfg.redisUrl != null || cfg.environmentFiles != [ ];
        message = "The services of cc-ci are not told where Redis is: set `services.cc-ci.redisUrl`, or name a file with REDIS_URL in `services.cc-ci.environmentFiles`.";
      }
      {
        assertion = cfg.redisUrl == null || builtins.match "[^/]*//[^/]*:[^/]*@.*" cfg.redisUrl == null;
        message = "`services.cc-ci.redisUrl` holds a password, which everybody could read in the Nix store: write it into a file as REDIS_URL=…, and name that in `services.cc-ci.environmentFiles`.";
      }
    ];
  };
}
