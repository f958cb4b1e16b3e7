import type { RunRecord } from '@cc-ci/shared/contract/run';

const marks = { pending: ' ', running: '…', pass: '✔', fail: '✘', skip: '–', unver: '⊘' } as const;

/** One line on where a run is, for a terminal. The same text means that nothing worth a line has happened. */
export function lineOf(run: RunRecord): string {
  const name = run.request.recipe.padEnd(10);
  const commit = run.request.commit.slice(0, 8);
  const steps = run.steps.map(({ tier, state }) => `${marks[state]} ${tier}`).join('  ');
  return `${name} ${commit}  ${[ending(run), steps, run.doing?.what].filter(Boolean).join('  ·  ')}`.trimEnd();
}

function ending(run: RunRecord): string {
  if (run.state === 'queued') return 'queued';
  if (run.state === 'running') return run.steps.length === 0 ? 'started' : '';
  const cleanup = run.attempts.at(-1)?.cleanup.state;
  const clean =
    cleanup === 'proven' ? 'nothing left behind' : cleanup === 'remaining' ? 'leftovers, trying again' : 'cleaning up';
  return `${run.verdict}${run.amber ? ' (amber)' : ''}, level ${run.level ?? '–'}, ${clean}`;
}

/** A comment as a person reads it in a plain mail: without what is hidden, set off from the rest of the terminal. */
export function asRead(body: string): string {
  const visible = body.replaceAll(/<!--[\s\S]*?-->\n?/g, '').trim();
  return visible
    .split('\n')
    .map((line) => `  │ ${line}`.trimEnd())
    .join('\n');
}

/** The machine-readable line of a run for `--json`. Seconds from the comment's record to the verdict. */
export function jsonLineOf(run: RunRecord): string {
  const seconds = run.endedAt === null ? null : (run.endedAt - run.createdAt) / 1000;
  const { verdict, level, amber } = run;
  return JSON.stringify({ recipe: run.request.recipe, verdict, level, amber, seconds, run: run.id });
}
