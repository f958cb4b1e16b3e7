// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import type { StackService } from './document.ts';
import { claims, type Route } from './policy-claims.ts';
import type { Finding, Policy } from './policy-terms.ts';
import { type ProxySetting, proxyLabels } from './proxy-labels.ts';

/** What a service tells the host's proxy about more than its own app. Judged also where the proxy is not enabled for it. */
export function routes(service: StackService, policy: Policy): Finding[] {
  const { settings, networks, unknown } = proxyLabels(service.deploy?.labels ?? {});
  const found = [
    ...unknown.map(unknownLabel),
    ...networks.filter(({ network }) => !policy.allowedNetworks.includes(network)).map(otherNetwork),
    ...settings.filter(({ name }) => !isOwnName(name, policy) && mayBeANeighbours(name)).map(sharedName),
    ...settings.filter((setting) => leadsAway(setting, settings, policy)).map(foreignTarget),
    ...claims(settings, policy.domain),
  ].map((route) => ({ ...route, value: inEveryRun(route.value, policy) }));
  // All labels of one router share its name, and several rules may share a host: each thing is said once.
  const distinct = new Map(found.map((route) => [route.value, route]));
  return [...distinct.values()].map((route) => ({ rule: 'foreign-route', key: 'deploy.labels', ...route }));
}

/** The text as a recipe would write it: an operator could not allow what is called differently in each run. */
function inEveryRun(text: string, { stack, domain }: Policy): string {
  return text.replaceAll(domain, () => '${DOMAIN}').replaceAll(stack, () => '${STACK_NAME}');
}

function unknownLabel(label: string): Route {
  const does = `tells the proxy \`${label}\`, which is not known to concern this app only`;
  return { value: label, does, instead: 'Leave it out' };
}

function otherNetwork({ label, network }: { label: string; network: string }): Route {
  const does = `sends the proxy to the network \`${network}\` (${label}), which is not shared with it`;
  return { value: network, does, instead: 'Leave it out' };
}

/**
 * All apps behind a proxy share its names. Two services of one name become one, so that the neighbour's visitors land here too;
 * two routers or middlewares of one name are both dropped, so that the neighbour is gone. Two runs of one recipe would do so to each other.
 */
function isOwnName(name: string, { stack }: Policy): boolean {
  return name === stack || (/^[\w-]+$/.test(name) && (name.startsWith(`${stack}-`) || name.startsWith(`${stack}_`)));
}

/**
 * Apps are named after their domain with underscores for dots, runs after four letters and six digits. Other names are what recipes
 * made before that habit use; they are nobody's in particular, and a collision costs only apps of that recipe.
 */
function mayBeANeighbours(name: string): boolean {
  return !/^[a-z0-9-]+$/i.test(name) || /^[a-z0-9]{1,4}-[0-9a-f]{6}/i.test(name);
}

function sharedName({ protocol, kind, name }: ProxySetting): Route {
  const value = `traefik.${protocol}.${kind}.${name}`;
  const does = `uses the name \`${value}\` at the proxy, which may be a neighbour's as well`;
  // The keys of a mapping are not interpolated: this is the variable itself.
  const instead = name.includes('$')
    ? 'Write the labels as a list, where variables are filled in'
    : 'Begin the name with `${STACK_NAME}`';
  return { value, does, instead };
}

/** Whether a setting names a service of others (`api@internal` is the proxy itself), or any address at all. */
function leadsAway({ kind, setting, value }: ProxySetting, settings: readonly ProxySetting[], policy: Policy): boolean {
  if (kind === 'services') return /\.(?:url|address)$/.test(setting);
  if (setting !== (kind === 'routers' ? 'service' : 'errors.service')) return false;
  const name = value.replace(/@(?:docker|swarm)$/, '');
  const defined = settings.some((other) => other.kind === 'services' && other.name === name);
  return !['', 'noop@internal'].includes(value) && !defined && !isOwnName(name, policy);
}

function foreignTarget({ label, value }: ProxySetting): Route {
  const does = `routes to \`${value}\` (${label}), which is not of this app`;
  return { value, does, instead: 'Route to a service of this recipe' };
}
