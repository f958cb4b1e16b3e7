# The options of NixOS that our modules set, with the types that they have there: what is set to something else is refused here too.
{ lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  option = type: mkOption { inherit type; };
  optionWith = default: type: mkOption { inherit type default; };
  atom = types.oneOf [ types.bool types.int types.str types.path types.package ];
  unitValue = types.either (types.nullOr atom) (types.listOf atom);
  ports = optionWith [ ] (types.listOf types.port);
in
{
  options = {
    assertions = optionWith [ ] (types.listOf types.anything);
    environment.etc = optionWith { } (types.attrsOf (types.submodule { options.source = option types.path; }));
    environment.systemPackages = optionWith [ ] (types.listOf types.package);
    networking.hostName = option types.str;
    networking.firewall.enable = optionWith true types.bool;
    networking.firewall.allowedTCPPorts = ports;
    networking.firewall.interfaces = optionWith { } (types.attrsOf (types.submodule { options.allowedTCPPorts = ports; }));
    services.redis.vmOverCommit = optionWith true types.bool;
    services.redis.servers = optionWith { } (types.attrsOf (types.submodule {
      options = {
        enable = optionWith false types.bool;
        port = option types.port;
        bind = optionWith "127.0.0.1" (types.nullOr types.str);
        requirePassFile = optionWith null (types.nullOr types.path);
        appendOnly = optionWith false types.bool;
        appendFsync = optionWith "everysec" types.str;
        settings = optionWith { } (types.attrsOf (types.oneOf [ types.bool types.int types.str ]));
      };
    }));
    system.preSwitchChecks = optionWith { } (types.attrsOf types.str);
    systemd.services = optionWith { } (types.attrsOf (types.submodule {
      options = {
        description = optionWith "" types.str;
        wantedBy = optionWith [ ] (types.listOf types.str);
        wants = optionWith [ ] (types.listOf types.str);
        requires = optionWith [ ] (types.listOf types.str);
        after = optionWith [ ] (types.listOf types.str);
        path = optionWith [ ] (types.listOf (types.either types.package types.str));
        environment = optionWith { } (types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ])));
        script = optionWith "" types.lines;
        serviceConfig = optionWith { } (types.attrsOf unitValue);
      };
    }));
    users.users = optionWith { } (types.attrsOf (types.submodule {
      options = {
        isSystemUser = optionWith false types.bool;
        group = optionWith "" types.str;
        description = optionWith "" types.str;
      };
    }));
    users.groups = optionWith { } (types.attrsOf (types.submodule { options = { }; }));
    virtualisation.docker = {
      enable = optionWith false types.bool;
      package = optionWith pkgs.docker types.package;
      liveRestore = optionWith true types.bool;
      autoPrune.enable = optionWith false types.bool;
      daemon.settings = optionWith { } (types.attrsOf types.anything);
    };
  };
}
