# The reporter: the only service that speaks on the forge, and the dashboard.
{ config, lib, ... }:
let
  service = import ./service.nix {
    inherit config lib;
    name = "reporter";
    purpose = "the reporter, which writes comments and serves the dashboard";
    variables = {
      LOG_LEVEL = "logLevel";
      FORGE_TOKEN_FILE = "forgeTokenFile";
      ADMIN_TOKEN_FILE = "adminTokenFile";
      LISTEN_ADDRESS = "listenAddress";
      LISTEN_PORT = "listenPort";
      ADMIN_LISTEN_ADDRESS = "adminListenAddress";
      ADMIN_LISTEN_PORT = "adminListenPort";
    };
  };
in
{
  options.services.cc-ci.reporter = service.options;
  config = lib.mkIf config.services.cc-ci.reporter.enable {
    systemd.services.cc-ci-reporter = service.unit;
  };
}
