import type { App, MountedVolume } from './deployer.ts';
import type { Engine } from './engine.ts';
import { look } from './look.ts';

type Stack = Pick<App, 'stack'>;
/** A volume, and a container that mounts it now. */
type Mounted = MountedVolume & { readonly container: string };

/** See Deployer.volumes. */
export async function mountedVolumes(engine: Engine, app: Stack): Promise<MountedVolume[]> {
  const found = await mounts(engine, app);
  return found.map(({ volume, service, path }) => ({ volume, service, path }));
}

/** The container that has this volume at this place, if any has. */
export async function containerAt(
  engine: Engine,
  app: Stack,
  { volume, service, path }: MountedVolume,
): Promise<string | undefined> {
  const found = await mounts(engine, app);
  return found.find((each) => each.volume === volume && each.service === service && each.path === path)?.container;
}

/** In the order of services and paths, each place once however many containers a service has. */
async function mounts(engine: Engine, { stack }: Stack): Promise<Mounted[]> {
  const places = new Map<string, Mounted>();
  for (const { name: service, tasks } of await look(engine, stack)) {
    const running = tasks.filter(({ alive, current, state }) => alive && current && state === 'running');
    for (const { container } of running) {
      if (container === undefined) continue;
      for (const { volume, path } of await engine.mounts(container)) {
        if (!volume.startsWith(`${stack}_`)) continue;
        const place = { volume: volume.slice(stack.length + 1), service, path, container };
        places.set(`${service} ${path}`, place);
      }
    }
  }
  return [...places.values()].toSorted((a, b) => a.service.localeCompare(b.service) || a.path.localeCompare(b.path));
}
