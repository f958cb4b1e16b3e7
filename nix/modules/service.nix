# What all four services have: options for their variables, and a unit that runs the service with nothing more than it needs.
#
# variables: the name of the option for each variable that is this service's own. Types, defaults and sentences come from the schema.
# serviceConfig: what differs from the strict confinement below.
{ config, lib, name, purpose, variables, serviceConfig ? { } }:
let
  inherit (lib) attrNames filterAttrs hasPrefix mapAttrs mapAttrs' mapAttrsToList mkOption nameValuePair optionalAttrs types;
  inherit (import ./options-of.nix { inherit lib; }) optionOf;

  ours = config.services.cc-ci;
  cfg = ours.${name};
  schema = (import ./schema.nix).environment.${name};

  # What every service on this host is told alike: options of ./shared.nix.
  common = {
    REDIS_URL = ours.redisUrl;
    CCCI_SETTINGS = "${ours.settingsFile}";
    CCCI_HOST = ours.hostName;
  };

  # The schema is made from the code: a variable that comes or goes there has to come or go here.
  own =
    let
      wanted = removeAttrs schema.properties (attrNames common);
      missing = attrNames (removeAttrs wanted (attrNames variables));
      extra = attrNames (removeAttrs (common // variables) (attrNames schema.properties));
    in
    if missing != [ ] then throw "nix/modules/${name}.nix has no option for ${toString missing}, which the service reads (services/${name}/src/config.ts)."
    else if extra != [ ] then throw "nix/modules/${name}.nix has options for ${toString extra}, which the service does not read (services/${name}/src/config.ts)."
    else wanted;

  isSecret = variable: builtins.match ".*_FILE" variable != null;
  isRequired = variable: builtins.elem variable (schema.required or [ ]);

  # The Nix store can be read by everybody.
  secretPath = types.addCheck (types.strMatching "/.*") (path: !hasPrefix "/nix/store/" path) // {
    description = "absolute path, as a string, outside of the Nix store";
  };

  optionFor = variable: node:
    if !isSecret variable then optionOf [ name variable ] node (isRequired variable)
    else
      mkOption (
        {
          description = "${node.description}. The unit gets it as a systemd credential: root alone has to be able to read the file, and the unit is restarted when it changes.";
          type = if isRequired variable then secretPath else types.nullOr secretPath;
          example = "/run/secrets/cc-ci-${name}";
        }
        // optionalAttrs (!isRequired variable) { default = null; }
      );

  values = mapAttrs (variable: _: cfg.${variables.${variable}}) own;
  secrets = filterAttrs (variable: value: isSecret variable && value != null) values;
  plain = filterAttrs (variable: value: !isSecret variable && value != null) (values // common);

  # systemd reads `%` in a unit as the beginning of something to fill in.
  escaped = value: builtins.replaceStrings [ "%" ] [ "%%" ] (toString value);
in
{
  options = {
    enable = lib.mkEnableOption purpose;
  } // mapAttrs' (variable: node: nameValuePair variables.${variable} (optionFor variable node)) own;

  unit = {
    description = "cc-ci: ${purpose}";
    wantedBy = [ "multi-user.target" ];
    wants = [ "network-online.target" ];
    after = [ "network-online.target" ];
    environment = mapAttrs (_: escaped) plain // mapAttrs (variable: _: "%d/${variable}") secrets;
    serviceConfig = {
      ExecStart = "${ours.package}/bin/cc-ci-${name}";
      EnvironmentFile = ours.environmentFiles;
      LoadCredential = mapAttrsToList (variable: path: "${variable}:${path}") secrets;

      Restart = "always";
      RestartSec = 5;
      # The settings are wrong: starting again as it is would not help. The unit is failed, and its journal says what is wrong.
      RestartPreventExitStatus = 78;
      # Longer than the service takes to close everything (packages/shared/src/service/shutdown.ts), in seconds.
      TimeoutStopSec = 30;
      # Only the service is told to stop: it ends the programs that it has started, in its own order.
      KillMode = "mixed";

      DynamicUser = true;
      UMask = "0077";
      CapabilityBoundingSet = [ "" ];
      NoNewPrivileges = true;
      ProtectSystem = "strict";
      ProtectHome = true;
      ProtectProc = "invisible";
      ProtectClock = true;
      ProtectControlGroups = true;
      ProtectHostname = true;
      ProtectKernelLogs = true;
      ProtectKernelModules = true;
      ProtectKernelTunables = true;
      PrivateTmp = true;
      PrivateDevices = true;
      LockPersonality = true;
      RemoveIPC = true;
      RestrictNamespaces = true;
      RestrictRealtime = true;
      RestrictSUIDSGID = true;
      # Netlink is how Node asks which addresses this host has.
      RestrictAddressFamilies = [ "AF_INET" "AF_INET6" "AF_UNIX" "AF_NETLINK" ];
      SystemCallArchitectures = "native";
      SystemCallFilter = [ "@system-service" "~@privileged" ];
      SystemCallErrorNumber = "EPERM";
      # MemoryDenyWriteExecute is left out: Node compiles while it runs.
    } // serviceConfig;
  };
}
