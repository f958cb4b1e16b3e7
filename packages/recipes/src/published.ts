import type { StackDocument } from './document.ts';

/** A service that the proxy routes to. */
export interface PublishedService {
  readonly service: string;
  /** Names in the `Host(…)` of its HTTP routers, in their order, each once. */
  readonly hosts: readonly string[];
  /** The port inside the container that the proxy is told; undefined where it has to guess. */
  readonly port: number | undefined;
}

/** The services with `traefik.enable=true`, `app` first. */
export function publishedServices(document: StackDocument): PublishedService[] {
  const published = Object.entries(document.services).flatMap(([service, { deploy }]) => {
    const labels = deploy?.labels ?? {};
    return labels['traefik.enable']?.toLowerCase() === 'true' ? [{ service, hosts: hostsOf(labels), port: portOf(labels) }] : [];
  });
  return published.toSorted((a, b) => Number(b.service === 'app') - Number(a.service === 'app'));
}

/** The service that the proxy shows at this domain, or else the first that it shows at all. */
export function publishedService(document: StackDocument, domain: string): PublishedService | undefined {
  const published = publishedServices(document);
  return published.find(({ hosts }) => hosts.includes(domain)) ?? published[0];
}

function hostsOf(labels: Readonly<Record<string, string>>): string[] {
  const rules = Object.entries(labels).filter(([label]) => /^traefik\.http\.routers\.[^.]+\.rule$/.test(label));
  const hosts = rules.flatMap(([, rule]) =>
    [...rule.matchAll(/\bHost\(([^()]*)\)/g)].flatMap(([, names]) => quoted(names ?? '')),
  );
  return [...new Set(hosts)];
}

/** traefik takes backticks and double quotes. */
function quoted(names: string): string[] {
  return [...names.matchAll(/[`"]([^`"]+)[`"]/g)].flatMap(([, name]) => name ?? []);
}

function portOf(labels: Readonly<Record<string, string>>): number | undefined {
  const port = Object.entries(labels).find(([label]) =>
    /^traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port$/.test(label),
  );
  return port && /^\d+$/.test(port[1]) ? Number(port[1]) : undefined;
}
