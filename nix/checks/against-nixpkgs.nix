# The machines of ./machines, evaluated with nixpkgs' own lib: what comes out has to equal what the small lib of this folder gives,
# which `npm run check` compares with the golden files.
{ lib, runCommand, writeText }:
let
  machines = [ "whole" "runner" "redis" ];
  both = machine: {
    small = import ./evaluate.nix { inherit machine; };
    nixpkgs = import ./evaluate.nix { inherit machine lib; };
  };
  differing = builtins.filter (machine: let made = both machine; in builtins.toJSON made.small != builtins.toJSON made.nixpkgs) machines;
in
if differing != [ ] then
  throw "nixpkgs' lib makes something else than nix/checks/lib of: ${toString differing}. Compare the two with nix/checks/evaluate.nix."
else
  runCommand "cc-ci-evaluation" { } "cp ${writeText "machines" (toString machines)} $out"
