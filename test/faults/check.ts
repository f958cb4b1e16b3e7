import type { IntakeRecord } from '@cc-ci/shared/contract/intake';
import type { RunRecord } from '@cc-ci/shared/contract/run';

/** What one `!testme` left behind, looked at when everything had come to rest. */
export interface History {
  /** Of the comment that asked. */
  readonly outcomes: readonly IntakeRecord['outcome'][];
  /** Of the pull request. */
  readonly runs: readonly RunRecord[];
  /** What cc-ci says on the pull request. */
  readonly said: readonly string[];
  /** Reactions of cc-ci on the comment that asked. */
  readonly reactions: readonly string[];
  /** Names of what is still on the engine, in the ledger, and of folders with checkouts. */
  readonly left: readonly string[];
  /** Jobs that wait, are active or are delayed, by queue; polls do not count. */
  readonly jobs: Readonly<Record<string, number>>;
  /** What belongs to others and is gone. */
  readonly harmed: readonly string[];
  /** Leases of runs that are still held. */
  readonly leases: readonly string[];
}

/** What a green recipe's run promises, whatever died on the way: every breach as a sentence, none when all is well. */
export function breachesIn({ outcomes, runs, said, reactions, left, jobs, harmed, leases }: History): string[] {
  const [run, ...more] = runs;
  const breaches: string[] = [];
  const claim = (holds: boolean, otherwise: string): void => void (holds || breaches.push(otherwise));

  claim(outcomes.length === 1, `The comment has ${outcomes.length} outcomes, not one.`);
  claim(run !== undefined && more.length === 0, `The comment led to ${runs.length} runs, not one.`);
  if (run) {
    claim(
      run.state === 'ended' && run.verdict === 'passed',
      `The run ended as ${run.verdict ?? run.state}: its recipe is green.`,
    );
    const unproven = run.attempts.filter(({ cleanup }) => cleanup.state !== 'proven').map(({ number }) => number);
    claim(unproven.length === 0, `The clean-up of attempt ${unproven.join(', ')} is not proven.`);
    const about = said.filter((body) => body.includes(`/runs/${run.id}`));
    claim(about.length === 1 && said.length === 1, `The pull request has ${said.length} comments of ours, not one.`);
    claim(
      about.every((body) => /[✔◐] Passed/u.test(body)),
      'The comment does not say that the run passed.',
    );
    claim(
      about.every((body) => body.includes('Left behind: nothing')),
      'The comment does not say that nothing is left.',
    );
    const { length: attempts } = run.attempts;
    const says = about.every((body) => body.includes(`attempt ${attempts}`));
    claim(attempts === 1 || says, `The comment does not say that this is attempt ${attempts}.`);
  }
  for (const wanted of ['eyes', '+1']) claim(reactions.includes(wanted), `The reaction ${wanted} is missing.`);
  claim(left.length === 0, `Left behind: ${left.join(', ')}.`);
  claim(leases.length === 0, `Still leased: ${leases.join(', ')}.`);
  for (const [queue, count] of Object.entries(jobs)) claim(count === 0, `The queue ${queue} still has ${count} jobs.`);
  claim(harmed.length === 0, `Others lost: ${harmed.join(', ')}.`);
  return breaches;
}
