# A virtual machine that is all of cc-ci, by the same module as production: for machines that can start one.
# There is no forge in it: the services have to come up and to stay up without.
{ testers, writeText, redis, module }:
testers.runNixOSTest {
  name = "cc-ci";

  nodes.ci =
    let
      secret = name: toString (writeText name "a secret of the test, of no worth");
    in
    {
      imports = [ module ];
      virtualisation.memorySize = 2048;
      virtualisation.diskSize = 8192;
      networking.hostName = "ci";
      # Secrets come from outside of the store; here they are put there before anything starts.
      systemd.tmpfiles.rules = [ "d /run/secrets 0755 root root -" ] ++ map (name: "C /run/secrets/${name} 0400 root root - ${secret name}") [ "trigger" "reporter" "admin" ];
      services.cc-ci = {
        settings = {
          instance = "test";
          forge.url = "http://127.0.0.1:3000";
          enrol.owners = [ "coop" ];
          deploy.apps_domain = "ci.example.org";
          dashboard.public_url = "http://127.0.0.1:8080";
        };
        host = { enable = true; redis.enable = true; };
        trigger = { enable = true; forgeTokenFile = "/run/secrets/trigger"; };
        reporter = { enable = true; forgeTokenFile = "/run/secrets/reporter"; adminTokenFile = "/run/secrets/admin"; };
        runner.enable = true;
        infra.enable = true;
      };
    };

  testScript = ''
    ci.wait_for_unit("multi-user.target")

    with subtest("the host is a Swarm with a wide network for the proxy"):
        ci.succeed("systemctl start cc-ci-swarm.service")
        ci.succeed("docker network inspect proxy --format '{{range .IPAM.Config}}{{.Subnet}}{{end}}' | grep -Fx 10.10.0.0/16")
        ci.succeed("systemctl restart cc-ci-swarm.service")

    with subtest("Redis keeps what it has answered"):
        ci.wait_for_open_port(6379)
        ci.succeed("${redis}/bin/redis-cli config get appendfsync | grep -Fx always")
        ci.succeed("${redis}/bin/redis-cli config get maxmemory-policy | grep -Fx noeviction")

    with subtest("the four services come up, and say so"):
        ci.wait_until_succeeds("curl --fail --silent http://127.0.0.1:8080/healthz | grep -F answers")
        for service in ["trigger", "runner", "reporter", "infra"]:
            ci.wait_until_succeeds(f"ccci health {service}")

    with subtest("only the runner has the socket of the engine"):
        ci.succeed("pid=$(systemctl show -P MainPID cc-ci-runner) && nsenter --target $pid --mount setpriv --reuid cc-ci-runner --regid cc-ci-runner --groups docker test -w /run/docker.sock")
        for service in ["trigger", "reporter", "infra"]:
            ci.fail(f"systemctl show -P SupplementaryGroups cc-ci-{service} | grep docker")

    with subtest("nobody else reads a token"):
        ci.succeed("su -s /bin/sh nobody -c '! cat /run/secrets/trigger'")
        ci.succeed("su -s /bin/sh nobody -c '! cat /run/credentials/cc-ci-trigger.service/FORGE_TOKEN_FILE'")

    with subtest("a service that is killed comes back"):
        ci.succeed("systemctl kill --signal=KILL cc-ci-reporter")
        ci.wait_until_succeeds("curl --fail --silent http://127.0.0.1:8080/healthz | grep -F answers")
  '';
}
