/** Switches for what goes wrong with a forge. */
import type { World } from './world.ts';

export interface FaultSwitches {
  /** Connections break without an answer, until `comeBack`. */
  goDown(): void;
  comeBack(): void;
  /** The next `count` API requests get a proxy's HTML instead of an answer. */
  answerAsProxy(count: number, status: 429 | 502 | 503 | 504, retryAfterSeconds?: number): void;
  /** The next write is made, and answered 500. */
  hideNextSuccess(): void;
  /** The next `count` pull requests are answered `null`. */
  loseNextPullRequests(count: number): void;
  /** While stale, pushes leave `refs/pull/N/head` where it was. */
  setPullRefsStale(stale: boolean): void;
  /** API requests are carried out, but not answered until the returned function is called. */
  holdAnswers(): () => void;
  /** What a push does to pull requests happens no more by itself, until `releasePushTasks` does it. */
  holdPushTasks(): void;
  releasePushTasks(): Promise<void>;
  /** Pages never hold more rows than this. */
  setLongestPage(rows: number): void;
  /** Each event is delivered so many times from now on: 0 loses it, 2 doubles it. */
  deliverCopies(count: number): void;
}

export function faultSwitches(world: World): FaultSwitches {
  const { faults } = world;
  return {
    goDown: () => {
      faults.down = true;
    },
    comeBack: () => {
      faults.down = false;
    },
    answerAsProxy: (left, status, retryAfterSeconds) => {
      faults.proxyAnswers = { left, status, retryAfterSeconds };
    },
    hideNextSuccess: () => {
      faults.hiddenSuccesses += 1;
    },
    loseNextPullRequests: (count) => {
      faults.nullPullRequests = count;
    },
    setPullRefsStale: (stale) => {
      faults.stalePullRefs = stale;
    },
    holdAnswers: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      faults.answersHeld = promise;
      return () => {
        faults.answersHeld = undefined;
        resolve();
      };
    },
    holdPushTasks: () => {
      world.heldPushTasks ??= [];
    },
    releasePushTasks: async () => {
      const tasks = world.heldPushTasks ?? [];
      world.heldPushTasks = undefined;
      for (const task of tasks) await task();
    },
    setLongestPage: (rows) => {
      world.longestPage = rows;
    },
    deliverCopies: (count) => {
      faults.copiesDelivered = count;
    },
  };
}
