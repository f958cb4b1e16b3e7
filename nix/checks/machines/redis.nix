# A host that has the Redis for all others, and nothing else.
{
  imports = [ ./settings.nix ];
  networking.hostName = "records";
  services.cc-ci.host.redis = {
    enable = true;
    bind = "127.0.0.1 10.0.0.1";
    passwordFile = "/run/secrets/cc-ci-redis-password";
    interfaces = [ "wg0" ];
  };
}
