import { describe, expect, it } from 'vitest';
import type { SwarmView } from '../src/swarm-view.ts';
import { addressTables } from '../src/vip-rules.ts';

const gateway = '172.18.0.2';
const ingress = { Id: 'ingress-network', Name: 'ingress', Ingress: true };
const internal = { Id: 'internal1-and-more', Name: 'app_internal', Ingress: false };

const task = (network: string, address: string, state = 'running') => ({
  ID: `task-${address}`,
  ServiceID: 'web',
  DesiredState: 'running',
  Status: { State: state },
  NetworksAttachments: [{ Network: { ID: network }, Addresses: [`${address}/24`] }],
});

const service = (network: string, ports: { TargetPort: number; PublishedPort: number; PublishMode: string }[] = []) => ({
  ID: 'web',
  Spec: { Name: 'app_web', Labels: {} },
  Endpoint: {
    VirtualIPs: [{ NetworkID: network, Addr: '10.0.2.2/24' }],
    Ports: ports.map((port) => ({ Protocol: 'tcp', ...port })),
  },
});

const view = (partial: Partial<SwarmView>): SwarmView => ({ services: [], tasks: [], networks: [ingress, internal], ...partial });

describe('the tables of service addresses', () => {
  it('lead the address of a service to its one task', () => {
    const swarm = view({ services: [service(internal.Id)], tasks: [task(internal.Id, '10.0.2.5')] });
    expect(addressTables(swarm, gateway)[0]).toEqual({
      namespace: 'lb_internal1',
      addresses: ['10.0.2.2'],
      rules: ['-A CCCI-VIP -d 10.0.2.2 -j DNAT --to-destination 10.0.2.5'],
    });
  });

  it('give each of several tasks the same chance', () => {
    const tasks = ['10.0.2.5', '10.0.2.6', '10.0.2.7'].map((address) => task(internal.Id, address));
    expect(addressTables(view({ services: [service(internal.Id)], tasks }), gateway)[0]?.rules).toEqual([
      '-A CCCI-VIP -d 10.0.2.2 -m statistic --mode random --probability 0.3333 -j DNAT --to-destination 10.0.2.5',
      '-A CCCI-VIP -d 10.0.2.2 -m statistic --mode random --probability 0.5000 -j DNAT --to-destination 10.0.2.6',
      '-A CCCI-VIP -d 10.0.2.2 -j DNAT --to-destination 10.0.2.7',
    ]);
  });

  it('leave out tasks that do not run yet', () => {
    const tasks = [task(internal.Id, '10.0.2.5', 'starting'), task(internal.Id, '10.0.2.6')];
    expect(addressTables(view({ services: [service(internal.Id)], tasks }), gateway)[0]?.rules).toEqual([
      '-A CCCI-VIP -d 10.0.2.2 -j DNAT --to-destination 10.0.2.6',
    ]);
  });

  it('keep a network without services, so that what it had is taken back', () => {
    expect(addressTables(view({}), gateway)[0]).toEqual({ namespace: 'lb_internal1', addresses: [], rules: [] });
  });

  it('publish an ingress port at the engine and behind it, and no host port', () => {
    const ports = [
      { TargetPort: 80, PublishedPort: 8090, PublishMode: 'ingress' },
      { TargetPort: 443, PublishedPort: 443, PublishMode: 'host' },
    ];
    const swarm = view({ services: [service(ingress.Id, ports)], tasks: [task(ingress.Id, '10.0.0.4')] });
    expect(addressTables(swarm, gateway).slice(1)).toEqual([
      {
        namespace: 'ingress_sbox',
        addresses: [],
        rules: ['-A CCCI-VIP -p tcp --dport 8090 -j DNAT --to-destination 10.0.0.4:80'],
      },
      { namespace: '', addresses: [], rules: ['-A CCCI-VIP -p tcp --dport 8090 -j DNAT --to-destination 172.18.0.2:8090'] },
    ]);
  });

  it('publish nothing before Swarm has its way in', () => {
    expect(addressTables(view({}), undefined).map(({ namespace }) => namespace)).toEqual(['lb_internal1']);
  });
});
