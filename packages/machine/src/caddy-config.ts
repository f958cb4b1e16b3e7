import type { RouteMatch } from './route-rule.ts';
import type { Route } from './routes.ts';

/** Where Caddy keeps what outlives it, and its admin socket, which is thus on the host too. */
export const DATA_FOLDER = '/data';
/** File name of the admin socket in {@link DATA_FOLDER}. */
export const ADMIN_SOCKET = 'admin.sock';

/** What calls to the admin socket must name as their host. */
export const ADMIN_HOST = 'localhost';

/** Caddy's whole configuration: HTTPS with certificates of its own authority, plain HTTP sent there, traefik's answers where there is no route. */
export function caddyConfig(routes: readonly Route[]) {
  return {
    admin: { listen: `unix/${DATA_FOLDER}/${ADMIN_SOCKET}`, origins: [ADMIN_HOST] },
    apps: {
      pki: { certificate_authorities: { local: { name: 'cc-ci stand-in', install_trust: false } } },
      // Whatever name is asked for gets a certificate, so that an unknown host sees 404 and not a broken handshake.
      tls: { automation: { policies: [{ issuers: [{ module: 'internal' }], on_demand: true }] } },
      http: {
        servers: {
          web: { listen: [':80'], automatic_https: { disable: true }, routes: [{ handle: [toHttps] }] },
          'web-secure': {
            listen: [':443'],
            protocols: ['h1', 'h2'],
            automatic_https: { disable: true },
            tls_connection_policies: [{}],
            routes: [...routes.map(caddyRoute), { handle: [answer(404, '404 page not found\n')] }],
          },
        },
      },
    },
  };
}

const toHttps = {
  handler: 'static_response',
  status_code: 301,
  headers: { Location: ['https://{http.request.host}{http.request.uri}'] },
};

function caddyRoute({ matches, upstreams }: Route): object {
  const handler =
    upstreams.length === 0
      ? answer(503, 'no available server\n')
      : {
          handler: 'reverse_proxy',
          upstreams: upstreams.map((dial) => ({ dial })),
          load_balancing: { selection_policy: { policy: 'round_robin' } },
        };
  return { match: matches.map(caddyMatch), handle: [handler], terminal: true };
}

function caddyMatch({ hosts, pathPrefixes, paths }: RouteMatch): object {
  const path = [...(paths ?? []), ...(pathPrefixes ?? []).map((prefix) => `${prefix}*`)];
  return { ...(hosts && { host: hosts }), ...(path.length > 0 && { path }) };
}

function answer(status: number, body: string): object {
  return { handler: 'static_response', status_code: status, body, headers: { 'Content-Type': ['text/plain; charset=utf-8'] } };
}
