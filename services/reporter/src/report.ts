import type { RepoRef, Subject } from '@cc-ci/shared/contract/ids';
import type { IntakeRecord } from '@cc-ci/shared/contract/intake';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import type { IntakeStore } from '@cc-ci/shared/runs/intake-store';
import type { RunStore } from '@cc-ci/shared/runs/store';
import type { Log } from '@cc-ci/shared/service/log';
import { reached } from '@cc-ci/shared/service/reached';
import { PageUnsettled } from './errors.ts';
import type { Apply, Observe, Page } from './forge-side.ts';
import { type Desired, type Observed, plan } from './plan.ts';
import type { Memory } from './said.ts';

export interface ReportParts {
  readonly runs: Pick<RunStore, 'ofSubject' | 'changed' | 'settle'>;
  readonly intakes: Pick<IntakeStore, 'ofSubject'>;
  readonly memory: Memory;
  readonly observe: Observe;
  readonly apply: Apply;
  /** What the records of a subject should look like on the forge. */
  readonly desire: (records: Records) => Promise<Desired>;
  /** Where a repository is today: names change. */
  readonly addressOf: (repo: RepoRef) => Promise<RepoRef>;
  readonly log: Log;
}

/** What is known of one subject, oldest first. */
export interface Records {
  readonly runs: readonly RunRecord[];
  readonly intakes: readonly IntakeRecord[];
}

/** Looks at one page until it is as it should be. More rounds mean that others write there as fast as we do. */
const MOST_ROUNDS = 4;

/**
 * Brings what the forge shows of a subject in line with its records. Level-triggered: it does not matter what changed or
 * how often. Throws when the forge does not answer; what it did until then stands, and the next time does the rest.
 * @param signal aborted when the job is no longer ours: nothing more is said then, since another reporter may be at it
 */
export async function report(subject: Subject, parts: ReportParts, signal: AbortSignal): Promise<void> {
  const { runs, intakes, log } = parts;
  // Read first: what changes after this is reported once more.
  const change = (await runs.changed()).find((changed) => changed.subject === subject);
  const records = { runs: await runs.ofSubject(subject), intakes: await intakes.ofSubject(subject) };
  reached('reporter.read');
  const page = await pageOf(subject, records, parts);
  if (page) await bringInLine(page, await parts.desire(records), parts, signal);
  if (change) await runs.settle(change);
  reached('reporter.settled');
  log.debug({ subject }, 'The page is as it should be.');
}

async function bringInLine(
  page: Page,
  desired: Desired,
  { observe, apply, memory, log }: ReportParts,
  signal: AbortSignal,
): Promise<void> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const observed = await observe(page, desired);
    reached('reporter.observed');
    let settled = true;
    for (const action of plan(desired, observed)) {
      signal.throwIfAborted();
      settled = (await apply(page, action)) && settled;
      reached(`reporter.${action.do === 'unreact' ? 'react' : action.do}`);
      log.info({ subject: page.subject, did: action.do }, 'said');
    }
    if (!settled) continue;
    await remember(page, desired, observed, memory);
    reached('reporter.remembered');
    return;
  }
  throw new PageUnsettled(page.subject, MOST_ROUNDS);
}

/** What was looked at is now as it should be. */
async function remember({ subject }: Page, desired: Desired, observed: Observed, memory: Memory): Promise<void> {
  for (const commentId of observed.reactions.keys())
    await memory.settledReactions(subject, commentId, desired.reactions.get(commentId) ?? []);
  for (const sha of observed.statuses.keys()) {
    const status = desired.statuses.get(sha);
    if (status) await memory.settledStatus(subject, sha, status);
  }
}

/** The pull request that a subject is about; undefined for a subject that has no page on the forge. */
async function pageOf(subject: Subject, { runs, intakes }: Records, { addressOf }: ReportParts): Promise<Page | undefined> {
  const run = runs.at(-1);
  const intake = intakes.at(-1);
  const number = run?.request.pull?.number ?? intake?.pull;
  const repo = run?.request.repo ?? intake?.repo;
  if (!number || !repo) return undefined;
  return { subject, repo: await addressOf(repo), number };
}
