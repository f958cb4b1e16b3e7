import { describe, expect, it } from 'vitest';
import { parseDocument } from '../src/document.ts';
import { judge } from '../src/policy.ts';
import type { Policy } from '../src/policy-terms.ts';

const policy: Policy = {
  stack: 'wiki-1',
  domain: 'wiki-1.ci.example.org',
  checkout: '/checkout',
  // A checkout with two symlinks; everything else is what it says.
  resolve: (path) => ({ '/checkout/out.conf': '/etc/shadow', '/checkout/in.conf': '/checkout/sub/in.conf' })[path] ?? path,
  allowedNetworks: ['proxy'],
  exceptions: [],
};
const judged = (yaml: string, changed: Partial<Policy> = {}) => judge(parseDocument(yaml), { ...policy, ...changed });
/** A service `app` with these keys (a YAML flow mapping), and top-level sections after it. */
const app = (keys: string, sections = '') => `version: "3.8"\nservices:\n  app: {image: web, ${keys}}\n${sections}\n`;

/** In the form in which `docker stack config` prints it. */
const clean = `
version: "3.8"
x-shared: {anything: goes}
services:
  app:
    image: web:1.0
    cap_add: [CHOWN, CAP_NET_BIND_SERVICE]
    cap_drop: [ALL]
    command: [serve]
    configs: [{source: conf, target: /conf, mode: 288}]
    depends_on: [db]
    deploy:
      labels: {coop-cloud.wiki-1.version: 1.0.0+1.0, traefik.enable: "true"}
      mode: replicated
      replicas: 1
      update_config: {failure_action: rollback, order: start-first}
      restart_policy: {condition: on-failure}
      resources: {limits: {cpus: "0.5"}}
      placement: {constraints: [node.role == manager]}
    environment: {A: "1", BARE: null}
    env_file: [a.env, ./sub/b.env]
    extra_hosts: ["db:10.0.0.1"]
    healthcheck: {test: [CMD, "true"], interval: 10s}
    hostname: web
    init: true
    ipc: private
    labels: {app: "yes"}
    logging: {driver: json-file, options: {max-size: 1m}}
    network_mode: bridge
    networks: {default: null, internal: {aliases: [web]}, proxy: null}
    privileged: false
    read_only: true
    restart: always
    secrets: [{source: key}]
    security_opt: ["no-new-privileges:true"]
    stop_grace_period: 2m0s
    tmpfs: [/run]
    ulimits: {nofile: 1000}
    user: "1000"
    volumes:
      - {type: volume, source: data, target: /data}
      - {type: volume, target: /anonymous}
      - {type: tmpfs, target: /tmp, tmpfs: {size: 1000}}
    x-note: nothing
  db: {image: "db:1"}
networks:
  default: {}
  internal: {driver: overlay, internal: true, attachable: true, driver_opts: {encrypted: ""}, ipam: {driver: default}}
  proxy: {name: proxy, external: true}
volumes:
  data: {}
  named: {name: wiki-1_named, driver: local}
  memory: {driver: local, driver_opts: {type: tmpfs, device: tmpfs, o: "size=10m,uid=1000,noexec"}}
secrets:
  key: {name: wiki-1_key_v1, external: true}
  shipped: {file: /checkout/key}
configs:
  conf: {name: wiki-1_conf_v1, file: /checkout/in.conf, template_driver: golang}
`;

describe('the policy gate', () => {
  it('lets an ordinary recipe through', () => expect(judged(clean)).toEqual([]));

  it.each([
    ['a host folder', 'volumes: [{type: bind, source: /etc, target: /x}]', 'host-path', '/etc'],
    ['the root of the host, read-only', 'volumes: [{type: bind, source: /, target: /x, read_only: true}]', 'host-path', '/'],
    ['a folder of the checkout', 'volumes: [{type: bind, source: /checkout/x, target: /x}]', 'host-path', './x'],
    ['a named pipe', 'volumes: [{type: npipe, source: x, target: /x}]', 'host-path', 'x'],
    ['a volume of the cluster', 'volumes: [{type: cluster, source: x, target: /x}]', 'host-path', 'x'],
    ['a mount of an unknown type', 'volumes: [{type: image, target: /x}]', 'host-path', 'image'],
    [
      'the docker socket',
      'volumes: [{type: bind, source: /var/run/docker.sock, target: /x}]',
      'docker-socket',
      '/var/run/docker.sock',
    ],
    [
      'another engine socket',
      'volumes: [{type: bind, source: /run/containerd/containerd.sock, target: /x}]',
      'docker-socket',
      '/run/containerd/containerd.sock',
    ],
    ['the network of the host', 'network_mode: host', 'host-namespace', 'network_mode=host'],
    ['the processes of the host', 'pid: host', 'host-namespace', 'pid=host'],
    ['the memory of the host', 'ipc: host', 'host-namespace', 'ipc=host'],
    ['the users of the host', 'userns_mode: host', 'host-namespace', 'userns_mode=host'],
    ['another container', 'network_mode: "container:abc"', 'host-namespace', 'network_mode=container:abc'],
    ['a control group', 'cgroup_parent: /system', 'host-namespace', 'cgroup_parent=/system'],
    ['every privilege', 'privileged: true', 'privilege', 'privileged'],
    ['no system call filter', 'security_opt: ["seccomp:unconfined"]', 'privilege', 'seccomp:unconfined'],
    ['credentials of the host', 'credential_spec: {file: x.json}', 'privilege', 'credential_spec'],
    ['another isolation', 'isolation: process', 'privilege', 'isolation=process'],
    ['to outlive its neighbours', 'oom_score_adj: -500', 'privilege', 'oom_score_adj=-500'],
    ['a capability', 'cap_add: [SYS_ADMIN]', 'capability', 'SYS_ADMIN'],
    ['a capability in other letters', 'cap_add: [cap_net_admin]', 'capability', 'NET_ADMIN'],
    ['all capabilities', 'cap_add: [ALL]', 'capability', 'ALL'],
    ['a kernel setting', 'sysctls: {net.ipv4.ip_forward: "1"}', 'sysctl', 'net.ipv4.ip_forward=1'],
    ['a device', 'devices: ["/dev/fuse:/dev/fuse"]', 'device', '/dev/fuse:/dev/fuse'],
    ['a port', 'ports: [{mode: ingress, target: 80, published: 8080, protocol: tcp}]', 'port', '8080/tcp'],
    ['a port of the host', 'ports: [{mode: host, target: 53, published: 53, protocol: udp}]', 'port', '53/udp'],
    ['a port that the engine picks', 'ports: [{target: 80}]', 'port', '80/tcp'],
    ['a log elsewhere', 'logging: {driver: syslog, options: {syslog-address: "unix:///x"}}', 'driver', 'syslog'],
    ['a label of ours', 'deploy: {labels: {cc-ci.run: other}}', 'reserved-label', 'cc-ci.run'],
    ['a label of the engine', 'labels: {com.docker.stack.namespace: other}', 'reserved-label', 'com.docker.stack.namespace'],
    ['an unknown key', 'gpus: all', 'unknown-key', 'gpus'],
    ['an unknown key under deploy', 'deploy: {devices: all}', 'unknown-key', 'devices'],
    ['options for its end of a network', 'networks: {default: {driver_opts: {x: "1"}}}', 'unknown-key', 'driver_opts'],
    ['an env_file that no judge has seen', 'env_file: [/etc/shadow]', 'path-outside', '/etc/shadow'],
    ['an env_file behind a symlink', 'env_file: [out.conf]', 'path-outside', 'out.conf'],
  ])('refuses a service that asks for %s', (_, keys, rule, value) => {
    expect(judged(app(keys))).toEqual([expect.objectContaining({ rule, value, service: 'app' })]);
  });

  it.each([
    ['a bind as a volume', 'volumes: {v: {driver_opts: {type: none, o: bind, device: /etc}}}', 'host-path', '/etc'],
    [
      'a bind that says it is memory',
      'volumes: {v: {driver_opts: {type: tmpfs, o: "bind,size=1m", device: tmpfs}}}',
      'host-path',
      'tmpfs',
    ],
    ['a bind that names memory and a folder', 'volumes: {v: {driver_opts: {type: tmpfs, device: /etc}}}', 'host-path', '/etc'],
    [
      'a disk as a volume',
      'volumes: {v: {driver: local, driver_opts: {type: ext4, device: /dev/sda1}}}',
      'host-path',
      '/dev/sda1',
    ],
    [
      'a share of another machine',
      'volumes: {v: {driver_opts: {type: nfs, o: "addr=10.0.0.1", device: ":/x"}}}',
      'host-path',
      ':/x',
    ],
    ['a volume plugin', 'volumes: {v: {driver: rexray}}', 'driver', 'rexray'],
    ['an unknown option of a volume', 'volumes: {v: {driver_opts: {mountpoint: /etc}}}', 'driver', 'mountpoint'],
    ['a volume of the cluster', 'volumes: {v: {x-cluster-spec: {}}}', 'driver', 'cluster'],
    ['a volume of a neighbour', 'volumes: {v: {name: keycloak_data}}', 'foreign-name', 'keycloak_data'],
    ['an external volume', 'volumes: {v: {name: keycloak_data, external: true}}', 'foreign-name', 'keycloak_data'],
    ['a name that only begins like its own', 'volumes: {v: {name: wiki-10_data}}', 'foreign-name', 'wiki-10_data'],
    ['a secret of a neighbour', 'secrets: {s: {name: traefik_ssl_key_v1, external: true}}', 'foreign-name', 'traefik_ssl_key_v1'],
    ['a config of a neighbour', 'configs: {c: {name: traefik_conf_v1, external: true}}', 'foreign-name', 'traefik_conf_v1'],
    ['a network of a neighbour', 'networks: {n: {name: keycloak_internal, external: true}}', 'foreign-name', 'keycloak_internal'],
    ['the network of the host', 'networks: {n: {name: host, external: true}}', 'foreign-name', 'host'],
    ['a network in place of the shared one', 'networks: {n: {name: proxy}}', 'foreign-name', 'proxy'],
    ['a volume with the name of the shared network', 'volumes: {v: {name: proxy, external: true}}', 'foreign-name', 'proxy'],
    ['a network driver', 'networks: {n: {driver: macvlan}}', 'driver', 'macvlan'],
    ['an option of a network driver', 'networks: {n: {driver_opts: {parent: eth0}}}', 'driver', 'parent'],
    ['an address plugin', 'networks: {n: {ipam: {driver: infoblox}}}', 'driver', 'infoblox'],
    ['a secret plugin', 'secrets: {s: {driver: vault}}', 'driver', 'vault'],
    ['an option of a secret plugin', 'secrets: {s: {driver_opts: {path: x}}}', 'driver', 'path'],
    ['another template engine', 'configs: {c: {file: /checkout/x, template_driver: other}}', 'driver', 'other'],
    ['a config file of the host', 'configs: {c: {file: /etc/shadow}}', 'path-outside', '/etc/shadow'],
    ['a secret file of the host', 'secrets: {s: {file: /etc/shadow}}', 'path-outside', '/etc/shadow'],
    ['a config file behind a symlink', 'configs: {c: {file: /checkout/out.conf}}', 'path-outside', '/checkout/out.conf'],
    ['a config file of what git keeps', 'configs: {c: {file: /checkout/.git/config}}', 'path-outside', '/checkout/.git/config'],
    ['the file that git keeps in a worktree', 'configs: {c: {file: /checkout/.git}}', 'path-outside', '/checkout/.git'],
    ['a file beside the checkout', 'configs: {c: {file: /checkout-2/x}}', 'path-outside', '/checkout-2/x'],
    ['a label of ours', 'volumes: {v: {labels: {cc-ci.run: other}}}', 'reserved-label', 'cc-ci.run'],
    ['an unknown key of a resource', 'networks: {n: {scope: host}}', 'unknown-key', 'scope'],
    ['an unknown section', 'models: {}', 'unknown-key', 'models'],
  ])('refuses %s', (_, section, rule, value) => {
    expect(judged(app('init: true', section))).toEqual([expect.objectContaining({ rule, value })]);
  });

  it('names everything at once', () => {
    expect(judged(app('privileged: true, pid: host', 'volumes: {v: {driver: x}}')).map(({ key }) => key)).toEqual([
      'services.app.pid',
      'services.app.privileged',
      'volumes.v.driver',
    ]);
  });

  it('says what, and what to do', () => {
    const [port] = judged(app('ports: [{target: 80, published: 8080}]'));
    expect(`${port?.problem} ${port?.remedy}`).toBe(
      'Service `app` publishes port 8080/tcp on the host. ' +
        'Let the proxy route to it over network `proxy`, or ask an operator to allow `port:8080/tcp` for this recipe.',
    );
  });
});

describe('an exception of the policy gate', () => {
  const ports = app('ports: [{target: 80, published: 80}, {target: 53, published: 53, protocol: udp}]');

  it.each([
    ['a whole rule', ['port'], []],
    ['one thing', ['port:53/udp'], ['80/tcp']],
    ['nothing by another rule', ['host-path', 'privilege:53/udp'], ['80/tcp', '53/udp']],
    ['nothing by half a value', ['port:5'], ['80/tcp', '53/udp']],
  ])('allows %s', (_, exceptions, left) => {
    expect(judged(ports, { exceptions }).map(({ value }) => value)).toEqual(left);
  });

  it.each([
    ['a file outside of the recipe', 'configs: {c: {file: /etc/shadow}}', 'path-outside'],
    ['a label of ours', 'volumes: {v: {labels: {cc-ci.run: other}}}', 'reserved-label'],
  ])('never allows %s', (_, section, rule) => {
    expect(judged(app('init: true', section), { exceptions: [rule] })).toEqual([
      expect.objectContaining({ rule, remedy: expect.not.stringContaining('operator') }),
    ]);
  });
});
