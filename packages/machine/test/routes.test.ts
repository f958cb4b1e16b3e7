import { describe, expect, it } from 'vitest';
import { readRule } from '../src/route-rule.ts';
import { readRouting } from '../src/routes.ts';
import type { SwarmView } from '../src/swarm-view.ts';

const proxy = { id: 'net-proxy', name: 'proxy' };
const web = {
  'traefik.enable': 'true',
  'traefik.http.services.web.loadbalancer.server.port': '8080',
  'traefik.http.routers.web.rule': 'Host(`web.test`)',
};

/** A service `web` with these labels and two running tasks on the network `proxy`. */
function swarmWith(labels: Record<string, string>): SwarmView {
  const task = (id: string, address: string, state = 'running') => ({
    ID: id,
    ServiceID: 'web-id',
    DesiredState: 'running',
    Status: { State: state },
    NetworksAttachments: [
      { Network: { ID: 'net-internal' }, Addresses: ['10.0.9.9/24'] },
      { Network: { ID: 'net-proxy' }, Addresses: [address] },
    ],
  });
  return {
    services: [{ ID: 'web-id', Spec: { Name: 'app_web', Labels: labels } }],
    tasks: [task('2', '10.0.1.6/24'), task('1', '10.0.1.5/24'), task('3', '10.0.1.7/24', 'starting')],
    networks: [{ Id: 'net-proxy', Name: 'proxy', Ingress: false }],
  };
}

describe('the rule of a router', () => {
  it.each([
    ['names one host', 'Host(`a.test`)', [{ hosts: ['a.test'] }]],
    ['names several hosts in one matcher', 'Host(`a.test`, `b.test`)', [{ hosts: ['a.test', 'b.test'] }]],
    ['ignores an empty host that a recipe left over', 'Host(`a.test`, ``)', [{ hosts: ['a.test'] }]],
    ['names hosts in either case', 'Host(`A.Test`)', [{ hosts: ['a.test'] }]],
    ['takes quotation marks', 'Host("a.test")', [{ hosts: ['a.test'] }]],
    ['names alternatives', 'Host(`a.test`) || Host(`b.test`)', [{ hosts: ['a.test'] }, { hosts: ['b.test'] }]],
    ['asks for a host and a path', 'Host(`a.test`) && PathPrefix(`/api`)', [{ hosts: ['a.test'], pathPrefixes: ['/api'] }]],
    [
      'spreads brackets',
      'Host(`a.test`) && (PathPrefix(`/x`) || Path(`/y`))',
      [
        { hosts: ['a.test'], pathPrefixes: ['/x'] },
        { hosts: ['a.test'], paths: ['/y'] },
      ],
    ],
    [
      'binds && more tightly than ||',
      'Path(`/`) || Host(`a.test`) && Path(`/y`)',
      [{ paths: ['/'] }, { hosts: ['a.test'], paths: ['/y'] }],
    ],
  ])('%s', (_, rule, expected) => expect(readRule(rule)).toEqual(expected));

  it.each([
    ['an unknown matcher', 'HostRegexp(`.*`)', 'HostRegexp(`.*`)'],
    ['a missing side', 'Host(`a.test`) ||', 'its end'],
    ['an open bracket', '(Host(`a.test`)', 'a bracket that is not closed'],
    ['no operator', 'Host(`a.test`) Path(`/x`)', 'Path(`/x`)'],
    ['nothing', '', 'its end'],
  ])('is refused with the place of %s', (_, rule, where) => expect(() => readRule(rule)).toThrow(`"${where}"`));
});

describe('the routing of a swarm', () => {
  it('leads to the running tasks, by their addresses on the network of the proxy', () => {
    expect(readRouting(swarmWith(web), proxy)).toEqual({
      routes: [
        { router: 'web', matches: [{ hosts: ['web.test'] }], priority: 16, upstreams: ['10.0.1.5:8080', '10.0.1.6:8080'] },
      ],
      troubles: [],
    });
  });

  it.each([
    ['that does not enable traefik', { ...web, 'traefik.enable': 'false' }],
    ['that is for another network', { ...web, 'traefik.docker.network': 'internal' }],
    ['without labels', {}],
  ])('has no route to a service %s', (_, labels) => expect(readRouting(swarmWith(labels), proxy).routes).toEqual([]));

  it('tries the longer rule first, and a given priority before both', () => {
    const labels = {
      ...web,
      'traefik.http.routers.api.rule': 'Host(`web.test`) && PathPrefix(`/api`)',
      'traefik.http.routers.first.rule': 'Path(`/`)',
      'traefik.http.routers.first.priority': '1000',
    };
    expect(readRouting(swarmWith(labels), proxy).routes.map(({ router }) => router)).toEqual(['first', 'api', 'web']);
  });

  it('sends a router to the service that it names', () => {
    const labels = {
      ...web,
      'traefik.http.services.admin.loadbalancer.server.port': '9000',
      'traefik.http.routers.admin.rule': 'Host(`admin.test`)',
      'traefik.http.routers.admin.service': 'admin',
    };
    const admin = readRouting(swarmWith(labels), proxy).routes.find(({ router }) => router === 'admin');
    expect(admin?.upstreams).toEqual(['10.0.1.5:9000', '10.0.1.6:9000']);
  });

  it.each([
    [
      'a rule that is not understood',
      { 'traefik.http.routers.web.rule': 'Nonsense' },
      'app_web: The rule Nonsense is not understood',
    ],
    [
      'no port',
      { 'traefik.http.services.web.loadbalancer.server.port': '' },
      'app_web: router web has no loadbalancer.server.port',
    ],
  ])('says which service has %s, and routes the others', (_, mistake, sentence) => {
    const broken = swarmWith({ ...web, ...mistake });
    const other = {
      ID: 'other-id',
      Spec: { Name: 'other_app', Labels: { ...web, 'traefik.http.routers.web.rule': 'Host(`other.test`)' } },
    };
    const { routes, troubles } = readRouting({ ...broken, services: [...broken.services, other] }, proxy);
    expect(troubles).toEqual([expect.stringContaining(sentence)]);
    expect(routes.map(({ matches }) => matches)).toEqual([[{ hosts: ['other.test'] }]]);
  });
});
