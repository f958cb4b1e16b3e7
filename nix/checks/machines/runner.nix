# A further host that only has a runner; Redis is elsewhere, and has a password.
{
  imports = [ ./settings.nix ];
  networking.hostName = "ci-2";
  services.cc-ci = {
    host.enable = true;
    environmentFiles = [ "/run/secrets/cc-ci-redis" ];
    runner = {
      enable = true;
      forgeTokenFile = "/run/secrets/cc-ci-runner";
      proxyAddress = "10.0.0.2";
      stateDir = "/var/lib/ci/runner";
    };
  };
}
