import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Engine } from './engine.ts';
import { EngineEvent } from './engine-answers.ts';
import { namespaceLabel } from './labels.ts';

/** Rings when the engine reports something about one stack. A bell says that it is time to look, never what there is to see. */
export interface Bell extends Disposable {
  /** Resolves at the next ring, or one since the last call; at the latest after `atMostMs`. Throws the signal's reason. */
  rung(atMostMs: number, signal: AbortSignal): Promise<void>;
}

/** Starts listening. When the engine stops talking the bell stays silent, so callers look from time to time in any case. */
export async function hangBell(engine: Engine, stack: string): Promise<Bell> {
  const closed = new AbortController();
  let waiting: PromiseWithResolvers<void> | undefined;
  let unheard = false;
  const ring = () => {
    unheard = true;
    waiting?.resolve();
  };
  const listening = listen(engine, stack, ring, closed.signal);
  // A bell that cannot be hung is a silent one: whoever looks will meet the same engine, and say so.
  await listening.catch(ring);

  return {
    async rung(atMostMs, signal) {
      signal.throwIfAborted();
      if (!unheard) {
        waiting = Promise.withResolvers<void>();
        const { promise, resolve } = waiting;
        const heard = () => resolve();
        const timer = setTimeout(heard, atMostMs);
        signal.addEventListener('abort', heard, { once: true });
        await promise;
        clearTimeout(timer);
        // A deployment is waited for in a thousand such turns, all under one signal.
        signal.removeEventListener('abort', heard);
      }
      unheard = false;
      signal.throwIfAborted();
    },
    [Symbol.dispose]: () => closed.abort(),
  };
}

/** Resolves when the engine has begun to report; rings until the signal is aborted. */
async function listen(engine: Engine, stack: string, ring: () => void, signal: AbortSignal): Promise<void> {
  const options = { filters: JSON.stringify({ type: ['container', 'service', 'network', 'volume'] }), abortSignal: signal };
  const stream = await engine.docker.getEvents(options);
  const lines = createInterface({ input: new Readable().wrap(stream) });
  lines.on('error', ring);
  lines.on('line', (line) => {
    if (concerns(stack, line)) ring();
  });
}

/** Whether a line of the engine's events is about this stack; what cannot be read might be. */
export function concerns(stack: string, line: string): boolean {
  const { data } = EngineEvent.safeParse(jsonOf(line));
  if (!data) return true;
  // Each run of a health check is reported three times; what comes of it is an event of its own.
  if (data.Action.startsWith('exec_')) return false;
  const { [namespaceLabel]: namespace, name } = data.Actor.Attributes;
  return namespace === stack || (name?.startsWith(`${stack}_`) ?? false);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
