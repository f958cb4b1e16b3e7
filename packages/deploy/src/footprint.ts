import type { App, Footprint } from './deployer.ts';
import type { Engine } from './engine.ts';
import { look } from './look.ts';

/** See Deployer.footprint. */
export async function footprintOf(engine: Engine, { stack }: Pick<App, 'stack'>): Promise<Footprint> {
  const states = await look(engine, stack);
  const containers = states.flatMap(({ tasks }) =>
    tasks.flatMap(({ alive, state, container }) => (alive && state === 'running' && container !== undefined ? [container] : [])),
  );
  const memory = await Promise.all(containers.map((id) => engine.memory(id)));
  const images = await Promise.all([...new Set(states.map(({ image }) => image))].map((image) => engine.image(image)));
  const counted = memory.filter((bytes) => bytes !== undefined);
  return {
    memoryBytes: counted.length === 0 ? undefined : counted.reduce((sum, bytes) => sum + bytes, 0),
    imageBytes: images.reduce((sum, image) => sum + (image?.bytes ?? 0), 0),
  };
}
