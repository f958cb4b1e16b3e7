# What a machine of ./machines becomes: its units, settings, users, firewall. Failed assertions are thrown, as NixOS does.
# `changes` are set on it against whatever it says itself. `lib` is the small one of this folder unless another is given.
{ machine, changes ? { }, lib ? import ./lib }:
let
  inherit (lib) filter filterAttrs mapAttrs;
  pkgs = import ./pkgs.nix;
  evaluated = lib.evalModules {
    specialArgs = { inherit pkgs; };
    modules = [ ./nixos.nix ../modules (./machines + "/${machine}.nix") { config = forced changes; } ];
  };
  forced = value: if lib.isAttrs value then mapAttrs (_: forced) value else lib.mkForce value;
  inherit (evaluated) config;
  failed = filter ({ assertion, ... }: !assertion) config.assertions;

  # Members that say nothing are left out.
  told = filterAttrs (_: value: !(builtins.elem value [ "" [ ] { } null ]));
  paths = map toString;
in
if failed != [ ] then throw (lib.concatMapStringsSep "\n" ({ message, ... }: message) failed)
else
{
  settings = config.environment.etc."cc-ci/cc-ci.yml".source.value or null;
  units = mapAttrs (_: unit: told (removeAttrs unit [ "_module" ] // { path = paths unit.path; })) config.systemd.services;
  users = mapAttrs (_: user: told (removeAttrs user [ "_module" ])) config.users.users;
  groups = builtins.attrNames config.users.groups;
  commands = map ({ name, text ? "", ... }: { inherit name text; }) config.environment.systemPackages;
  firewall = {
    inherit (config.networking.firewall) enable allowedTCPPorts;
    interfaces = mapAttrs (_: { allowedTCPPorts, ... }: allowedTCPPorts) config.networking.firewall.interfaces;
  };
  redis = mapAttrs (_: server: removeAttrs server [ "_module" ]) config.services.redis.servers;
  docker = { inherit (config.virtualisation.docker) enable liveRestore autoPrune; daemon = config.virtualisation.docker.daemon.settings; };
  checksBeforeSwitching = config.system.preSwitchChecks;
}
