import type Docker from 'dockerode';
import { isMoving, type SwarmView, viewSwarm } from './swarm-view.ts';

/** While tasks are on their way, how soon to look again: tasks have no events of their own. In milliseconds. */
const MOVING_MS = 100;
/** A net below the events, in milliseconds: an event can be lost when the engine restarts. */
const RESTING_MS = 2_000;
/** The engine is away, or a namespace is not ready yet: both pass within seconds. In milliseconds. */
const AWAY_MS = 250;
/** A trouble that is still there after so many attempts will not pass by itself. */
const ATTEMPTS_BEFORE_REPORT = 8;

/**
 * Calls `apply` with what the Swarm looks like, after each of the engine's events and at times without, one call at a time.
 * Outlives restarts of the engine. A failure of `apply` is tried again, and reported once when it lasts. Dispose to stop;
 * a call in progress is awaited.
 */
export function followSwarm(
  docker: Docker,
  apply: (view: SwarmView) => Promise<void>,
  report: (trouble: string) => void,
): AsyncDisposable {
  const stop = new AbortController();
  const bell = listen(docker, stop.signal);
  let failures = 0;
  const look = async (): Promise<number> => {
    let view: SwarmView;
    try {
      view = await viewSwarm(docker);
    } catch {
      return AWAY_MS;
    }
    try {
      await apply(view);
      failures = 0;
      return isMoving(view) ? MOVING_MS : RESTING_MS;
    } catch (error) {
      failures += 1;
      if (failures === ATTEMPTS_BEFORE_REPORT) report(error instanceof Error ? error.message : String(error));
      return AWAY_MS;
    }
  };
  const following = (async () => {
    while (!stop.signal.aborted) {
      const rung = bell.next();
      const pause = await look();
      await rung.within(pause);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
    },
  };
}

interface Bell {
  /** Rings at the first event from now on. */
  next(): { within(ms: number): Promise<void> };
}

/** The engine's events as a bell; the connection is opened again whenever somebody waits and there is none. */
function listen(docker: Docker, signal: AbortSignal): Bell {
  let ring: () => void = () => undefined;
  let connected = false;
  const connect = async (): Promise<void> => {
    connected = true;
    try {
      const events = await docker.getEvents({
        filters: { type: ['service', 'container', 'network', 'node'] },
        abortSignal: signal,
      });
      events.on('data', () => ring());
      events.on('error', () => undefined);
      events.once('close', () => {
        connected = false;
        ring();
      });
    } catch {
      connected = false;
    }
  };
  signal.addEventListener('abort', () => ring(), { once: true });
  return {
    next() {
      if (!connected && !signal.aborted) void connect();
      const rung = new Promise<void>((resolve) => {
        ring = resolve;
      });
      return {
        async within(ms) {
          let timer: NodeJS.Timeout | undefined;
          await Promise.race([rung, new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))]);
          clearTimeout(timer);
        },
      };
    },
  };
}
