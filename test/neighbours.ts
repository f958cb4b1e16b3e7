import { namespaceLabel, ownerLabels } from '@cc-ci/deploy/labels';
import type Docker from 'dockerode';

/** What others have on the engine, next to the runs of a test. */
export interface Neighbours extends AsyncDisposable {
  /** Names of what is gone. */
  harmed(): Promise<string[]>;
}

/** A stack of somebody who never heard of cc-ci, named as one of its runs could be. */
const STRANGER = 'inkp-abcdef';
/** A run of another cc-ci on the same engine, under the same host name. */
const OTHER_RUN = 'inkp-fedcba';

/** Puts a network, a volume and a config of each kind of neighbour on the engine. @param host as the runners of the test call it */
export async function plantNeighbours(docker: Docker, host: string): Promise<Neighbours> {
  const strangers = { [namespaceLabel]: STRANGER };
  const others = {
    ...ownerLabels({ stack: OTHER_RUN, owner: { instance: 'another', host, run: 'fedcba', attempt: 1 } }),
    [namespaceLabel]: OTHER_RUN,
  };
  const planted = [
    { stack: STRANGER, Labels: strangers },
    { stack: OTHER_RUN, Labels: others },
  ];
  await using opened = new AsyncDisposableStack();
  for (const { stack, Labels } of planted) {
    const network = await docker.createNetwork({ Name: `${stack}_default`, Driver: 'overlay', Labels });
    opened.defer(() => network.remove());
    await docker.createVolume({ Name: `${stack}_data`, Labels });
    opened.defer(() => docker.getVolume(`${stack}_data`).remove());
    const config = await docker.createConfig({ Name: `${stack}_settings`, Labels, Data: 'eA==' });
    opened.defer(() => docker.getConfig(config.id).remove());
  }
  const names = planted.flatMap(({ stack }) => [`${stack}_default`, `${stack}_data`, `${stack}_settings`]);
  const stack = opened.move();
  return {
    async harmed() {
      const [networks, { Volumes }, configs] = await Promise.all([
        docker.listNetworks(),
        docker.listVolumes(),
        docker.listConfigs(),
      ]);
      const there = new Set([
        ...networks.map(({ Name }) => Name),
        ...Volumes.map(({ Name }) => Name),
        ...configs.map(({ Spec }) => Spec?.Name),
      ]);
      return names.filter((name) => !there.has(name));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
