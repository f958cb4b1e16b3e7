# The trigger: it reads the forge, and never writes to it.
{ config, lib, ... }:
let
  service = import ./service.nix {
    inherit config lib;
    name = "trigger";
    purpose = "the trigger, which notices comments on the forge";
    variables = {
      LOG_LEVEL = "logLevel";
      FORGE_TOKEN_FILE = "forgeTokenFile";
      WEBHOOK_SECRET_FILE = "webhookSecretFile";
      API_TOKENS_FILE = "apiTokensFile";
      TRIGGER_LISTEN_ADDRESS = "listenAddress";
      TRIGGER_LISTEN_PORT = "listenPort";
    };
  };
in
{
  options.services.cc-ci.trigger = service.options;
  config = lib.mkIf config.services.cc-ci.trigger.enable {
    systemd.services.cc-ci-trigger = service.unit;
  };
}
