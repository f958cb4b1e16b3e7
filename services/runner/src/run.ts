import type { Verdict } from '@cc-ci/shared/contract/glossary';
import type { Before, RunRecord } from '@cc-ci/shared/contract/run';
import { beforeOf } from '@cc-ci/shared/runs/before';
import type { RunStore } from '@cc-ci/shared/runs/store';
import { reached } from '@cc-ci/shared/service/reached';
import { within } from '@cc-ci/shared/service/within';
import { CheckoutFailed } from './checkout.ts';
import type { HeldRun } from './claim.ts';
import { cleanUp } from './clean-up.ts';
import { diagnose, type Ending } from './diagnose.ts';
import { isOfTheApp } from './fault.ts';
import { type Journal, openJournal } from './journal.ts';
import { abortAfter, DeadlinePassed } from './stop.ts';
import { testCommit } from './test-commit.ts';
import { withoutFullStop } from './words.ts';
import type { Workshop } from './workshop.ts';

/** Redis is given this long to take a verdict before the clean-up begins all the same. Milliseconds. */
const PUBLISH_MS = 10_000;
/** Runs of the repository, newest first, that a verdict is compared with: some weeks of a busy one. */
const RUNS_COMPARED = 50;
/** Lines of each service that go into the log of a run that failed. */
const LOG_TAIL = 60;

/**
 * Carries out one attempt at a run, from the checkout to the proof that nothing is left. What happens to it ends in its
 * record; nothing is thrown but trouble with Redis.
 * @returns after how many milliseconds another attempt is due, or undefined when the run has its verdict
 */
export async function carryOut(held: HeldRun, workshop: Workshop): Promise<number | undefined> {
  const { settings, store, ledger, broom, stopping, now } = workshop;
  const { run, attempt, app } = held;
  const log = workshop.openRunLog(held);
  const journal = openJournal(held, store, log, now);
  using deadline = abortAfter(settings.timeouts.run_minutes * 60_000, new DeadlinePassed(settings.timeouts.run_minutes));
  const signal = AbortSignal.any([held.signal, stopping, deadline.signal]);

  await ledger.expect({ stack: app.stack, run: run.id, attempt, at: now() });
  reached('runner.expected');
  const ending = await testCommit(held, workshop, journal, signal).then(
    (): Ending => ({ as: 'passed', cause: null }),
    (error: unknown) => explain(whatCounts(error, signal), held, workshop, journal),
  );
  // The verdict stands before the clean-up begins, which never changes it. While Redis is away the clean-up does not wait for it.
  const published = publish(ending, held, workshop, journal).catch((err: unknown) => {
    // The run is found without a holder soon, and tried again.
    workshop.log.error({ run: run.id, err }, 'The ending of a run could not be written.');
    return false;
  });
  await within(published, PUBLISH_MS);
  reached('runner.published');
  journal.say(`Removing everything of this run from ${app.owner.host}.`, 'cc-ci');
  const { state } = await cleanUp(app, broom);
  journal.say(state === 'proven' ? 'Nothing is left behind.' : 'Something is left behind; its removal is tried again.', 'cc-ci');
  await log.flush();
  const isQueuedAgain = await published;
  return isQueuedAgain && ending.as === 'lost' ? ending.retryAfterMs : undefined;
}

/** What was found before the attempt was stopped counts; else why it was stopped, since whatever broke then broke for that. */
function whatCounts(error: unknown, signal: AbortSignal): unknown {
  return isOfTheApp(error) || error instanceof CheckoutFailed || !signal.aborted ? error : signal.reason;
}

/** Finds out why the tests ended early. Where the app is to blame, its last lines go into the log. */
async function explain(
  error: unknown,
  { run, app }: HeldRun,
  { deployer, disk, log }: Workshop,
  journal: Journal,
): Promise<Ending> {
  const logs = isOfTheApp(error) ? await deployer.logs(app, { tail: LOG_TAIL }).catch(() => []) : [];
  for (const { service, lines } of logs) for (const line of lines) journal.say(line, service);
  const diskFull = await disk.isFull().catch(() => false);
  const known = { tier: journal.tier(), doing: journal.doing(), stack: app.stack, host: app.owner.host, diskFull, logs };
  const ending = diagnose(error, known);
  log.info({ run: run.id, as: ending.as, err: error }, 'An attempt ended early.');
  return ending;
}

/** Writes the ending into the record. @returns whether the run is queued again */
async function publish(
  ending: Ending,
  { run, attempt }: HeldRun,
  { store, settings, log, now }: Workshop,
  journal: Journal,
): Promise<boolean> {
  const { as, cause } = ending;
  if (cause) journal.say(as === 'lost' ? `No verdict in this attempt: ${cause.sentence}` : cause.sentence);
  if (as === 'failed' && cause) await journal.broke(withoutFullStop(cause.sentence)).catch(() => undefined);
  const attemptsAllowed = settings.runner.attempts;
  const after = await store.apply(
    run.id,
    ending.as === 'lost'
      ? { kind: 'attempt-lost', attempt, why: ending.why, cause: ending.cause, at: now(), attemptsAllowed }
      : { kind: 'ended', attempt, verdict: ending.as, cause, before: await compared(run, ending, store), at: now() },
  );
  if ('refused' in after) log.info({ run: run.id, refused: after.refused }, 'The record of a run did not take its ending.');
  else journal.say(after.verdict === null ? 'The run is queued again.' : `The run ended: ${after.verdict}.`, 'cc-ci');
  return !('refused' in after) && after.state === 'queued';
}

/** What earlier runs say of a verdict about the commit; null where there is none. */
async function compared(
  run: RunRecord,
  { as, cause }: Extract<Ending, { as: Verdict }>,
  store: Pick<RunStore, 'page'>,
): Promise<Before | null> {
  if (as !== 'passed' && as !== 'failed') return null;
  const { runs } = await store.page(run.request.repo.id, undefined, RUNS_COMPARED);
  return beforeOf(run, { verdict: as, cause }, runs);
}
