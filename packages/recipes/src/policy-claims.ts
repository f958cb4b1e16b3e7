// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import { isOwnHost, isOwnPattern } from './own-host.ts';
import type { Finding } from './policy-terms.ts';
import type { ProxySetting } from './proxy-labels.ts';
import { type Matcher, readRouteRule } from './route-rule.ts';

/** One thing that is wrong with what the proxy is told. */
export type Route = Pick<Finding, 'value' | 'does' | 'instead'>;

/** Of both versions of the language. */
const conditions = {
  http: /^(?:Host(?:Regexp)?|ClientIP|Headers?(?:Regexp)?|Method|Path(?:Prefix|Regexp)?|Query(?:Regexp)?)$/,
  tcp: /^(?:HostSNI(?:Regexp)?|ClientIP|ALPN)$/,
};

/** What the routers among these settings claim besides the app's domain and names below it. How high their priority is does not matter then. */
export function claims(settings: readonly ProxySetting[], domain: string): Route[] {
  const routers = settings.filter(({ kind }) => kind === 'routers');
  return [...routers.flatMap((setting) => claimedHosts(setting, domain)), ...wholeConnections(routers)];
}

function claimedHosts({ label, value, protocol, setting }: ProxySetting, domain: string): Route[] {
  if (setting === 'tls.domains.main' || setting === 'tls.domains.sans') {
    const values = value.split(',').map((name) => name.trim());
    return foreignHosts({ name: 'Host', values }, label, domain);
  }
  // Without a rule the proxy makes one of the service's name (http), or drops the router (tcp); udp has no rules.
  if (setting !== 'rule' || value === '' || protocol === 'udp') return [];
  const rule = readRouteRule(value, namesHosts);
  if (!rule?.matchers.every(({ name }) => conditions[protocol].test(name))) return [notUnderstood(label)];
  const foreign = rule.matchers.flatMap((matcher) => foreignHosts(matcher, label, domain));
  return rule.demanded || protocol === 'tcp' ? foreign : [...foreign, everyHost(label)];
}

/** Whether a condition holds for certain hosts only. Which ones is another question. */
function namesHosts({ name, values }: Matcher): boolean {
  return name.startsWith('Host') && !values.includes('*');
}

function foreignHosts({ name, values }: Matcher, label: string, domain: string): Route[] {
  if (!name.startsWith('Host')) return [];
  const [isOwn, instead] = name.endsWith('Regexp')
    ? [isOwnPattern, 'End the pattern with `\\.${DOMAIN}$`']
    : [isOwnHost, 'Name only `${DOMAIN}` and names below it'];
  const foreign = values.filter((value) => !isOwn(value, domain) && !(name === 'HostSNI' && value === '*'));
  return foreign.map((host) => ({
    value: host,
    does: `claims the host \`${host}\` (${label}), which is not its own`,
    instead,
  }));
}

function everyHost(label: string): Route {
  const does = `claims every host: an alternative of \`${label}\` names none`;
  return { value: label, does, instead: 'Put `Host` with `${DOMAIN}` into each alternative' };
}

function notUnderstood(label: string): Route {
  const does = `has a rule that is not understood (${label})`;
  return { value: label, does, instead: 'Write it with plain `Host`, `PathPrefix` and the like, `&&`, `||` and brackets' };
}

/**
 * Connections that are not routed by host, request by request. TLS that ends at the proxy counts as such:
 * its certificate as a rule covers the neighbours too, and a browser then sends their requests over the same connection.
 */
function wholeConnections(routers: readonly ProxySetting[]): Route[] {
  const streams = routers.filter(({ protocol }) => protocol !== 'http');
  // Names that differ in capitals only are one router.
  const byRouter = Map.groupBy(streams, ({ protocol, name }) => `${protocol} ${name.toLowerCase()}`);
  return [...byRouter.values()].filter((router) => !isBound(router)).flatMap(takenEntrypoints);
}

/** Whether a router takes nothing (without a rule, for TCP), or only TLS for hosts that it names and as the client sent it. */
function isBound(router: readonly ProxySetting[]): boolean {
  if (router.some(({ protocol }) => protocol === 'udp')) return false;
  const rules = valuesOf(router, 'rule').filter((rule) => rule !== '');
  const passthrough = valuesOf(router, 'tls.passthrough');
  const passed = passthrough.length > 0 && passthrough.every((value) => value === 'true');
  return rules.every((rule) => passed && readRouteRule(rule, namesHosts)?.demanded === true);
}

function takenEntrypoints(router: readonly ProxySetting[]): Route[] {
  const [first] = router;
  if (first === undefined) return [];
  const { protocol, name } = first;
  const lists = valuesOf(router, 'entrypoints');
  // None named is all of them.
  const entrypoints = (lists.length === 0 ? [''] : lists).flatMap((list) => list.split(',')).map((entry) => entry.trim() || '*');
  return entrypoints.map((entrypoint) => ({
    value: `${entrypoint}/${protocol}`,
    does: `takes whole connections to the entrypoint \`${entrypoint}\` (traefik.${protocol}.routers.${name}), which may be meant for a neighbour`,
    instead: protocol === 'tcp' ? 'Name `${DOMAIN}` in `HostSNI` and set `tls.passthrough`' : 'Leave it out',
  }));
}

function valuesOf(router: readonly ProxySetting[], wanted: string): string[] {
  return router.filter(({ setting }) => setting === wanted).map(({ value }) => value);
}
