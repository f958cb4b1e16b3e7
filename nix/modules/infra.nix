# Infra: what runs at night, and the infrastructure apps.
{ config, lib, ... }:
let
  cfg = config.services.cc-ci;
  service = import ./service.nix {
    inherit config lib;
    name = "infra";
    purpose = "infra, which does what is due by the clock";
    variables = {
      LOG_LEVEL = "logLevel";
      FORGE_TOKEN_FILE = "forgeTokenFile";
      WEBHOOK_AUTOREGISTER = "webhookAutoregister";
      WEBHOOK_URL = "webhookUrl";
      WEBHOOK_SECRET_FILE = "webhookSecretFile";
      FORGE_ADMIN_TOKEN_FILE = "forgeAdminTokenFile";
    };
  };
in
{
  options.services.cc-ci.infra = service.options // {
    reconcileAtActivation = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = ''
        Bring the infrastructure apps that the reconciler owns (`services.cc-ci.settings.infra.apps`) to where they are declared, each
        time this host is activated, so that a host that is rebuilt has them again. Those that a maintainer owns are left alone.
        `ccci infra reconcile` does not exist yet: until it does the unit fails, and says so.
      '';
    };
  };

  config = lib.mkMerge [
    (lib.mkIf cfg.infra.enable {
      systemd.services.cc-ci-infra = service.unit;
    })
    (lib.mkIf (cfg.infra.enable && cfg.infra.reconcileAtActivation) {
      systemd.services.cc-ci-infra-reconcile = {
        description = "cc-ci: bring the infrastructure apps to where they are declared";
        # Not kept as active after it has ended, so that each activation starts it again.
        wantedBy = [ "multi-user.target" ];
        wants = [ "cc-ci-infra.service" ];
        after = [ "cc-ci-infra.service" "cc-ci-swarm.service" ];
        environment = { inherit (service.unit.environment) CCCI_SETTINGS CCCI_HOST; } // lib.optionalAttrs (cfg.redisUrl != null) {
          inherit (service.unit.environment) REDIS_URL;
        };
        serviceConfig = removeAttrs service.unit.serviceConfig [ "Restart" "RestartSec" "RestartPreventExitStatus" "LoadCredential" ] // {
          Type = "oneshot";
          # It asks infra, and waits until infra has done it.
          ExecStart = "${cfg.package}/bin/ccci infra reconcile --wait";
          # Snapshots and pulls take their time; an activation must not hang for ever.
          TimeoutStartSec = "1h";
        };
      };
    })
  ];
}
