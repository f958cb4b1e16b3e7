# The part of nixpkgs' lib that our modules use, so that `npm run check` can evaluate them on a machine without nixpkgs.
# It says no to what it does not know; whatever it says yes to, nixpkgs' own lib has to say yes to as well.
let
  lists = import ./lists.nix;
  lib = lists // import ./definitions.nix lib // {
    evalModules = import ./modules.nix lib;
    types = import ./types.nix lib;
  };
in
lib
