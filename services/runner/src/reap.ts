import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployer } from '@cc-ci/deploy/deployer';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { Turn } from '@cc-ci/shared/runs/hosts';
import type { Ledger } from '@cc-ci/shared/runs/ledger';
import { currentAttempt } from '@cc-ci/shared/runs/next';
import { RecordUnreadable, type RunStore } from '@cc-ci/shared/runs/store';
import type { Log } from '@cc-ci/shared/service/log';
import { type Broom, cleanUp, type Root } from './clean-up.ts';

export interface Reaper {
  readonly instance: string;
  readonly host: string;
  readonly deployer: Pick<Deployer, 'remove' | 'owned'>;
  readonly store: Pick<RunStore, 'apply' | 'read' | 'open' | 'isLeased' | 'epoch'>;
  readonly ledger: Ledger;
  /** One runner of a host reaps at a time. */
  readonly turn: Pick<Turn, 'hold'>;
  /** False where another engine goes by this host's name: then its runs would be taken for ours. */
  isOurHost(): Promise<boolean>;
  /** The mark of Redis's data when this process started. */
  readonly epoch: string;
  /** Stacks that this process itself is working on. */
  readonly busy: ReadonlySet<string>;
  /** Stacks that earlier looks are still removing. */
  readonly going: Set<string>;
  readonly broom: Broom;
  readonly log: Log;
}

/**
 * Removes from this host what no living attempt owns, and tells the records. One process of a host does it at a time. After
 * Redis lost its data nobody can tell the dead from the living: then nothing is touched until this process is started anew.
 * @returns once everything was looked at; `removed` resolves when what was found is gone, which one stubborn stack may hold up
 */
export async function reap(reaper: Reaper): Promise<{ removed: Promise<unknown> }> {
  const nothing = { removed: Promise.resolve() };
  const { turn, store, epoch, going, log } = reaper;
  if (!(await turn.hold())) return nothing;
  if ((await store.epoch()) !== epoch) {
    log.error(
      'Redis has lost its data since this runner started: nothing is removed from this host before the runner is started again.',
    );
    return nothing;
  }
  if (!(await reaper.isOurHost())) {
    log.error('Another engine goes by the name of this host: nothing is removed. Give each host a name of its own (CCCI_HOST).');
    return nothing;
  }
  // The host is looked at before the records: what is created after this look cannot be taken for dead.
  const dead = await withoutTheLiving(await everythingHere(reaper), reaper);
  const found = dead.filter(({ stack }) => !going.has(stack)).map((root) => removeDead(root, reaper));
  await removeOldCheckouts(reaper);
  return { removed: Promise.all(found) };
}

/** Never rejects: what cannot be removed or written down now is found again by the next look. */
async function removeDead(root: Root, { going, broom, log }: Reaper): Promise<void> {
  const { run, attempt } = root.owner;
  going.add(root.stack);
  try {
    const { state } = await cleanUp(root, broom);
    log.info({ run, attempt, stack: root.stack, state }, 'Cleaned up after an attempt that had ended.');
  } catch (err) {
    log.warn({ run, attempt, stack: root.stack, err }, 'Cleaning up after an attempt that had ended failed; it is tried again.');
  } finally {
    going.delete(root.stack);
  }
}

/** Every attempt that may have left something on this host: by the engine's labels, the ledger, and the records. */
async function everythingHere({ instance, host, deployer, ledger, store }: Reaper): Promise<Root[]> {
  const owned = await deployer.owned(instance, host);
  const expected = (await ledger.entries()).map(({ stack, run, attempt }) => ({
    stack,
    owner: { instance, host, run, attempt },
  }));
  const recorded = (await store.open()).flatMap((run) =>
    uncleaned(run, host).map((root) => ({ ...root, owner: { ...root.owner, instance } })),
  );
  return [
    ...new Map(
      [...owned, ...expected, ...recorded].map((root) => [`${root.stack} ${root.owner.run} ${root.owner.attempt}`, root]),
    ).values(),
  ];
}

function uncleaned(run: RunRecord, host: string): Root[] {
  return run.attempts
    .filter((attempt) => attempt.host === host && attempt.cleanup.state !== 'proven')
    .map(({ stack, number }) => ({ stack, owner: { instance: run.instance, host, run: run.id, attempt: number } }));
}

async function withoutTheLiving(roots: readonly Root[], reaper: Reaper): Promise<Root[]> {
  const alive = await Promise.all(roots.map((root) => isAlive(root, reaper)));
  return roots.filter((_, index) => !alive[index]);
}

/**
 * An attempt keeps its lease until it has cleaned up, so the lease alone says whether somebody looks after it. Of a run whose record
 * cannot be read nobody knows: it is left alone.
 */
async function isAlive({ stack, owner }: Root, { busy, store }: Reaper): Promise<boolean> {
  if (busy.has(stack)) return true;
  const run = await store.read(owner.run).catch((error: unknown) => {
    if (error instanceof RecordUnreadable) return 'unreadable' as const;
    throw error;
  });
  if (run === 'unreadable') return true;
  return run !== undefined && currentAttempt(run)?.number === owner.attempt && (await store.isLeased(owner.run));
}

/** Folders of attempts that the ledger does not know are of another life of Redis. */
async function removeOldCheckouts({ broom: { checkouts }, ledger, busy, going }: Reaper): Promise<void> {
  const folders = await readdir(checkouts);
  const known = new Set((await ledger.entries()).map(({ stack }) => stack));
  const old = folders.filter((stack) => !known.has(stack) && !busy.has(stack) && !going.has(stack));
  await Promise.all(old.map((stack) => rm(join(checkouts, stack), { recursive: true, force: true })));
}
