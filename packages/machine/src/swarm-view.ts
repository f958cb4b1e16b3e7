import type Docker from 'dockerode';
import { z } from 'zod';

const Address = z.object({ NetworkID: z.string(), Addr: z.string().optional() });

const Service = z.object({
  ID: z.string(),
  Spec: z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
  Endpoint: z
    .object({
      VirtualIPs: z.array(Address).nullish(),
      Ports: z
        .array(
          z.object({
            Protocol: z.string().default('tcp'),
            TargetPort: z.number(),
            PublishedPort: z.number().default(0),
            PublishMode: z.string().default('ingress'),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

const Task = z.object({
  ID: z.string(),
  ServiceID: z.string().default(''),
  DesiredState: z.string(),
  Status: z.object({ State: z.string() }),
  NetworksAttachments: z
    .array(z.object({ Network: z.object({ ID: z.string() }), Addresses: z.array(z.string()).nullish() }))
    .nullish(),
});

const Network = z.object({ Id: z.string(), Name: z.string(), Ingress: z.boolean().default(false) });

/** What the engine's manager says now: services, their tasks that should run, and overlay networks. Addresses are in CIDR notation. */
export interface SwarmView {
  readonly services: readonly z.infer<typeof Service>[];
  readonly tasks: readonly z.infer<typeof Task>[];
  readonly networks: readonly z.infer<typeof Network>[];
}

export async function viewSwarm(docker: Docker): Promise<SwarmView> {
  const [services, tasks, networks] = await Promise.all([
    docker.listServices(),
    docker.listTasks({ filters: { 'desired-state': ['running'] } }),
    docker.listNetworks({ filters: { driver: ['overlay'] } }),
  ]);
  return {
    services: z.array(Service).parse(services),
    tasks: z.array(Task).parse(tasks),
    networks: z.array(Network).parse(networks),
  };
}

/** Whether tasks are on their way: no event tells when they arrive. */
export function isMoving({ tasks }: SwarmView): boolean {
  return tasks.some(({ Status }) => Status.State !== 'running');
}

/** The addresses, without prefix length, of the service's running tasks on the network. */
export function runningAddresses({ tasks }: SwarmView, serviceId: string, networkId: string): string[] {
  return tasks
    .filter((task) => task.ServiceID === serviceId && task.Status.State === 'running')
    .flatMap(
      (task) => task.NetworksAttachments?.find(({ Network: network }) => network.ID === networkId)?.Addresses?.slice(0, 1) ?? [],
    )
    .map(withoutPrefix)
    .sort();
}

export function withoutPrefix(cidr: string): string {
  return cidr.split('/')[0] ?? cidr;
}
