import { type RouteMatch, readRule } from './route-rule.ts';
import { runningAddresses, type SwarmView } from './swarm-view.ts';

/** Where requests that match go. */
export interface Route {
  readonly router: string;
  readonly matches: readonly RouteMatch[];
  /** The longer the rule the earlier it is tried, as in traefik, unless a priority is given. */
  readonly priority: number;
  /** `address:port` of each running task. */
  readonly upstreams: readonly string[];
}

/** What the labels of all services ask of the proxy, and what in them is wrong, as sentences. */
export interface Routing {
  readonly routes: readonly Route[];
  readonly troubles: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

/** Reads the traefik labels of services on the proxy's network, first to be tried first. A service with a mistake costs only itself its routes. */
export function readRouting(view: SwarmView, network: { id: string; name: string }): Routing {
  const troubles: string[] = [];
  const routes = view.services.flatMap(({ ID, Spec }) => {
    const labels = Spec.Labels ?? {};
    if (labels['traefik.enable'] !== 'true') return [];
    const wanted = labels['traefik.docker.network'] ?? labels['traefik.swarm.network'] ?? network.name;
    if (wanted !== network.name) return [];
    try {
      return serviceRoutes(labels, runningAddresses(view, ID, network.id));
    } catch (error) {
      troubles.push(`${Spec.Name}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
  return {
    routes: routes.sort((one, other) => other.priority - one.priority || one.router.localeCompare(other.router)),
    troubles,
  };
}

function serviceRoutes(labels: Labels, addresses: readonly string[]): Route[] {
  const ports = valuesOf(labels, /^traefik\.http\.services\.([^.]+)\.loadbalancer\.server\.port$/);
  const rules = valuesOf(labels, /^traefik\.http\.routers\.([^.]+)\.rule$/);
  return [...rules].map(([router, rule]) => {
    const service = labels[`traefik.http.routers.${router}.service`] ?? [...ports.keys()][0];
    const port = service === undefined ? undefined : ports.get(service);
    if (port === undefined || !/^\d+$/.test(port))
      throw new Error(
        `router ${router} has no loadbalancer.server.port: add traefik.http.services.${router}.loadbalancer.server.port.`,
      );
    const priority = Number(labels[`traefik.http.routers.${router}.priority`] ?? 0) || rule.length;
    return { router, matches: readRule(rule), priority, upstreams: addresses.map((address) => `${address}:${port}`) };
  });
}

function valuesOf(labels: Labels, pattern: RegExp): Map<string, string> {
  const entries = Object.entries(labels).flatMap(([label, value]): [string, string][] => {
    const name = pattern.exec(label)?.[1];
    return name === undefined ? [] : [[name, value]];
  });
  return new Map(entries);
}
