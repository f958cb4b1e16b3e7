# Packages that are named and never built: a path that says what would be there, and for the golden files what would be in it.
let
  stand-in = name: more: {
    type = "derivation";
    inherit name;
    outPath = "/nix/store/00000000000000000000000000000000-${name}";
  } // more;
in
{
  callPackage = file: _: stand-in (if baseNameOf (toString file) == "package.nix" then "cc-ci" else throw "${toString file} is not known to nix/checks/pkgs.nix.") { };
  docker = stand-in "docker" { };
  writeShellScriptBin = name: text: stand-in name { inherit text; };
  formats.yaml = _: { generate = name: value: stand-in name { inherit value; }; };
}
