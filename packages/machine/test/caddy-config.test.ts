import { describe, expect, it } from 'vitest';
import { caddyConfig } from '../src/caddy-config.ts';
import type { Route } from '../src/routes.ts';

const notFound = { handle: [expect.objectContaining({ status_code: 404, body: '404 page not found\n' })] };

function httpsRoutes(routes: readonly Route[]): unknown {
  return caddyConfig(routes).apps.http.servers['web-secure'].routes;
}

describe('the configuration of Caddy', () => {
  it("answers with traefik's 404 where there is no route", () => expect(httpsRoutes([])).toEqual([notFound]));

  it.each([
    ['a host', { hosts: ['a.test'] }, { host: ['a.test'] }],
    ['everything below a path', { pathPrefixes: ['/api'] }, { path: ['/api*'] }],
    ['exactly a path of a host', { hosts: ['a.test'], paths: ['/x'] }, { host: ['a.test'], path: ['/x'] }],
  ])('matches %s', (_, match, expected) => {
    const route = { router: 'r', matches: [match], priority: 1, upstreams: ['10.0.1.5:80'] };
    expect(httpsRoutes([route])).toEqual([
      {
        match: [expected],
        handle: [expect.objectContaining({ handler: 'reverse_proxy', upstreams: [{ dial: '10.0.1.5:80' }] })],
        terminal: true,
      },
      notFound,
    ]);
  });

  it('says that no task runs instead of waiting for one', () => {
    const route = { router: 'r', matches: [{ hosts: ['a.test'] }], priority: 1, upstreams: [] };
    expect(httpsRoutes([route])).toEqual([
      {
        match: [{ host: ['a.test'] }],
        handle: [expect.objectContaining({ status_code: 503, body: 'no available server\n' })],
        terminal: true,
      },
      notFound,
    ]);
  });
});
