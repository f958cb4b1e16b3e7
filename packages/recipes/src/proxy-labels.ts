const protocols = ['http', 'tcp', 'udp'] as const;
const kinds = ['routers', 'services', 'middlewares'] as const;

/** One setting of an object of the proxy, by a label `traefik.<protocol>.<kind>.<name>.<setting>`. */
export interface ProxySetting {
  readonly label: string;
  readonly value: string;
  readonly protocol: (typeof protocols)[number];
  readonly kind: (typeof kinds)[number];
  readonly name: string;
  /** In small letters, lists without their indices: `tls.domains.main`. */
  readonly setting: string;
}

/** What the labels of a service tell the proxy. */
export interface ProxyLabels {
  readonly settings: readonly ProxySetting[];
  /** The networks over which the proxy is to reach the service, with the labels that say so. */
  readonly networks: readonly { readonly label: string; readonly network: string }[];
  /** Labels that traefik reads, but not as one of these. */
  readonly unknown: readonly string[];
}

/** What traefik's swarm provider looks at; it passes over all other labels. Capitals mean nothing to it, except in names. */
const read = /^traefik\.(?:enable|http|tcp|udp|tls|docker|swarm)/i;
const harmless = /^traefik\.(?:enable|(?:docker|swarm)\.lbswarm)$/i;
const networkLabel = /^traefik\.(?:docker|swarm)\.network$/i;
/**
 * Strict, because traefik also takes letters for equal that only Unicode does (`ſ` and `s`),
 * and because a bracket without its partner makes it panic, which stops the proxy for everybody.
 */
const settingPath = /^[\w-]+(?:\[\d+\])?(?:\.[\w-]+(?:\[\d+\])?)*$/;

/** Sorts the labels of a service by what they are to the proxy. */
export function proxyLabels(labels: Readonly<Record<string, string>>): ProxyLabels {
  const all = Object.entries(labels).filter(([label]) => read.test(label) && !harmless.test(label));
  const networks = all.filter(([label]) => networkLabel.test(label));
  const others = all.filter(([label]) => !networkLabel.test(label));
  const sorted = others.map(([label, value]) => settingOf(label, value) ?? label);
  return {
    settings: sorted.filter((found) => typeof found !== 'string'),
    networks: networks.map(([label, network]) => ({ label, network })),
    unknown: sorted.filter((found) => typeof found === 'string'),
  };
}

function settingOf(label: string, value: string): ProxySetting | undefined {
  const [, wantedProtocol, wantedKind, name = '', ...path] = label.split('.');
  const protocol = protocols.find((known) => known === wantedProtocol?.toLowerCase());
  const kind = kinds.find((known) => known === wantedKind?.toLowerCase());
  const setting = path.join('.');
  if (protocol === undefined || kind === undefined || !settingPath.test(setting)) return undefined;
  return { label, value, protocol, kind, name, setting: setting.toLowerCase().replaceAll(/\[\d+\]/g, '') };
}
