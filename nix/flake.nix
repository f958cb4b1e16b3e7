{
  description = "cc-ci: the CI of Co-op Cloud recipes";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      forEachSystem = f: lib.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: f nixpkgs.legacyPackages.${system});
    in
    {
      # One module for every host: a host enables what it is to be.
      nixosModules.default = ./modules;

      packages = forEachSystem (pkgs: { default = pkgs.callPackage ./package.nix { }; });

      checks = forEachSystem (pkgs: {
        # The golden files are made with the small lib of ./checks; here nixpkgs' own lib has to give the same.
        evaluation = pkgs.callPackage ./checks/against-nixpkgs.nix { };
        machine = pkgs.callPackage ./vm-test.nix { module = self.nixosModules.default; };
      });
    };
}
