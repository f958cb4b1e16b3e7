import { runningAddresses, type SwarmView, withoutPrefix } from './swarm-view.ts';

/** What one network namespace must know so that the addresses of services lead to their tasks. */
export interface AddressTable {
  /** Name of the namespace below the engine's `netns` folder; empty for the engine's own. */
  readonly namespace: string;
  /** Service addresses that this namespace answers for. */
  readonly addresses: readonly string[];
  /** Rules of the chain {@link CHAIN} in the `nat` table, in the words of iptables-restore. */
  readonly rules: readonly string[];
}

/** The chain that all rules are in. */
export const CHAIN = 'CCCI-VIP';
/** Swarm's namespace for published ports. */
export const INGRESS_NAMESPACE = 'ingress_sbox';

/**
 * The tables that make service addresses and published ports work without IPVS. Swarm gives each overlay network a load-balancer
 * namespace, `lb_<first nine letters of the network's id>`, and published ports one of their own behind `ingressGateway`, an address
 * that the engine's namespace reaches.
 */
export function addressTables(view: SwarmView, ingressGateway: string | undefined): AddressTable[] {
  const ingress = view.networks.find(({ Ingress }) => Ingress)?.Id;
  const balancers = view.networks.filter(({ Id }) => Id !== ingress).map(({ Id }) => balancer(view, Id));
  if (ingress === undefined || ingressGateway === undefined) return balancers;
  const ports = publishedPorts(view, ingress);
  const inside = ports.flatMap(({ protocol, published, target, tasks }) =>
    spread(
      `-p ${protocol} --dport ${published}`,
      tasks.map((task) => `${task}:${target}`),
    ),
  );
  const atEngine = ports.map(
    ({ protocol, published }) =>
      `-A ${CHAIN} -p ${protocol} --dport ${published} -j DNAT --to-destination ${ingressGateway}:${published}`,
  );
  return [
    ...balancers,
    { namespace: INGRESS_NAMESPACE, addresses: [], rules: inside },
    { namespace: '', addresses: [], rules: atEngine },
  ];
}

function balancer(view: SwarmView, networkId: string): AddressTable {
  const services = view.services.flatMap(({ ID, Endpoint }) => {
    const address = Endpoint?.VirtualIPs?.find(({ NetworkID }) => NetworkID === networkId)?.Addr;
    return address ? [{ address: withoutPrefix(address), tasks: runningAddresses(view, ID, networkId) }] : [];
  });
  return {
    namespace: `lb_${networkId.slice(0, 9)}`,
    addresses: services.map(({ address }) => address).sort(),
    rules: services.flatMap(({ address, tasks }) => spread(`-d ${address}`, tasks)),
  };
}

function publishedPorts(
  view: SwarmView,
  ingress: string,
): { protocol: string; published: number; target: number; tasks: string[] }[] {
  return view.services.flatMap(({ ID, Endpoint }) => {
    const tasks = runningAddresses(view, ID, ingress);
    const ports = (Endpoint?.Ports ?? []).filter(({ PublishMode }) => PublishMode === 'ingress' && tasks.length > 0);
    return ports.map(({ Protocol, PublishedPort, TargetPort }) => ({
      protocol: Protocol,
      published: PublishedPort,
      target: TargetPort,
      tasks,
    }));
  });
}

/** Leads a match to each of the targets with the same probability: the first gets 1/n of all, the next 1/(n-1) of the rest, the last what is left. */
function spread(match: string, targets: readonly string[]): string[] {
  return targets.map((target, index) => {
    const left = targets.length - index;
    const chance = left > 1 ? ` -m statistic --mode random --probability ${(1 / left).toFixed(4)}` : '';
    return `-A ${CHAIN} ${match}${chance} -j DNAT --to-destination ${target}`;
  });
}
