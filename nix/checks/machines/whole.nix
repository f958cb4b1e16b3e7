# One host that is all of cc-ci.
{
  imports = [ ./settings.nix ];
  networking.hostName = "ci-1";
  services.cc-ci = {
    settings = {
      deploy.proxy_address = "10.0.0.1";
      schedules.sweep = null;
      timeouts.http_seconds = 90.5;
      policy.nextcloud = { allow = [ "cap_add:NET_ADMIN" ]; reason = "It sets routes."; };
      infra.apps.traefik = { recipe = "traefik"; domain = "traefik.ci.example.org"; owner = "reconciler"; };
    };
    host = {
      enable = true;
      redis.enable = true;
      machineId = "0123456789abcdef0123456789abcdef";
    };
    trigger = {
      enable = true;
      forgeTokenFile = "/run/secrets/cc-ci-trigger";
      webhookSecretFile = "/run/secrets/cc-ci-webhook";
      # systemd would fill something in for `%e`.
      listenAddress = "fe80::1%eth0";
    };
    runner = {
      enable = true;
      capacity = 2;
    };
    reporter = {
      enable = true;
      forgeTokenFile = "/run/secrets/cc-ci-reporter";
      adminTokenFile = "/run/secrets/cc-ci-admin";
    };
    infra = {
      enable = true;
      reconcileAtActivation = true;
    };
  };
}
