# Every option below `services.cc-ci`, for the page that is made of them (docs/nix-options.md).
{ lib ? import ./lib }:
let
  inherit (lib) attrNames concatMap concatStringsSep isOption optionalAttrs;
  evaluated = lib.evalModules {
    specialArgs.pkgs = import ./pkgs.nix;
    modules = [ ./nixos.nix ../modules ];
  };
  told = option:
    {
      name = concatStringsSep "." option.loc;
      inherit (option) description;
      type = option.type.description;
    }
    // (if option ? defaultText then { default.text = option.defaultText.text; } else optionalAttrs (option ? default) { default.value = option.default; })
    // optionalAttrs (option ? example) { inherit (option) example; };
  # An option that holds sets of options is followed by these.
  walk = node:
    if isOption node then [ (told node) ] ++ walk (removeAttrs (node.type.getSubOptions node.loc) [ "_module" "_freeformOptions" ])
    else concatMap (member: walk node.${member}) (attrNames node);
in
walk evaluated.options.services.cc-ci
