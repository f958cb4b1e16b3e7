# The workspace as it is, with what it needs installed: Node strips the types of our files as it reads them, so nothing is compiled.
# `pnpm deploy` cannot be used, since Node refuses to strip types below node_modules (docs/decisions.md).
{ lib
, stdenvNoCC
, makeBinaryWrapper
, nodejs_24
, pnpm_11
, fetchPnpmDeps
, pnpmConfigHook
, bash
, docker-client
, git
  # Of everything that pnpm-lock.yaml names. It changes with that file: the build says the new one.
, dependenciesHash ? lib.fakeHash
}:
let
  # One set of programs for every way to start cc-ci, so that no unit has fewer than another.
  programs = [ bash docker-client git ];
in
stdenvNoCC.mkDerivation (finalAttrs: {
  pname = "cc-ci";
  version = "0";

  src = lib.fileset.toSource {
    root = ../.;
    # The lockfile knows every package.json, the one of test/ too.
    fileset = lib.fileset.unions [
      ../package.json
      ../pnpm-lock.yaml
      ../pnpm-workspace.yaml
      ../packages
      ../services
      ../tests
      ../test/package.json
    ];
  };

  nativeBuildInputs = [ makeBinaryWrapper nodejs_24 pnpm_11 pnpmConfigHook ];

  # The hook reads lists.
  __structuredAttrs = true;
  # `ccci` and all that it needs, which is all four services. No tools of development.
  pnpmWorkspaces = [ "@cc-ci/cli..." ];
  # pnpm would ask the registry about every package of the lockfile; here there is none, and the hash below vouches for them.
  pnpmInstallFlags = [ "--prod" "--config.trust-lockfile=true" ];
  pnpmDeps = fetchPnpmDeps {
    inherit (finalAttrs) pname version src pnpmWorkspaces pnpmInstallFlags;
    pnpm = pnpm_11;
    fetcherVersion = 4;
    hash = dependenciesHash;
  };

  dontBuild = true;

  installPhase = ''
    runHook preInstall
    mkdir -p $out/lib/cc-ci
    cp -r package.json node_modules packages services tests $out/lib/cc-ci
    start() {
      makeWrapper ${lib.getExe nodejs_24} $out/bin/$1 --add-flags $out/lib/cc-ci/$2 --prefix PATH : ${lib.makeBinPath programs}
    }
    for service in trigger runner reporter infra; do
      start cc-ci-$service services/$service/src/main.ts
    done
    start ccci packages/cli/src/main.ts
    runHook postInstall
  '';

  # Each has to get as far as its own settings, and to refuse to start without them (78).
  doInstallCheck = true;
  installCheckPhase = ''
    runHook preInstallCheck
    for service in trigger runner reporter infra; do
      code=0
      CCCI_SETTINGS=/nowhere $out/bin/cc-ci-$service 2>said || code=$?
      if [ $code != 78 ]; then
        cat said
        exit 1
      fi
    done
    $out/bin/ccci --help >/dev/null
    runHook postInstallCheck
  '';

  meta = {
    description = "CI of Co-op Cloud recipes: a comment on a pull request deploys, tests and removes it";
    mainProgram = "ccci";
    platforms = lib.platforms.linux;
  };
})
