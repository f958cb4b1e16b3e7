import type { RunRecord } from '@cc-ci/shared/contract/run';

/** One pull request of the demo and the end that it must come to. Its files are in demo/<recipe>/{base,change}. */
export interface Scene {
  readonly recipe: string;
  /** Tag of what is on the main branch; undefined: nothing is released yet. */
  readonly release?: string;
  readonly title: string;
  /** The comment; by default the bare word. */
  readonly asks?: string;
  readonly expected: Pick<RunRecord, 'verdict' | 'level' | 'amber'>;
}

export const scenes: readonly Scene[] = [
  {
    recipe: 'guestbook',
    release: '2.0.0+1.4.0',
    title: 'Guestbook 1.5.0 and Redis 7.4',
    asks: '!testme --extra-tests',
    expected: { verdict: 'passed', level: 5, amber: false },
  },
  {
    recipe: 'signpost',
    title: 'First version of the recipe',
    expected: { verdict: 'passed', level: 5, amber: true },
  },
  {
    recipe: 'lantern',
    release: '1.0.0+1.25.3',
    title: 'nginx 1.27.0, and more requests for each connection',
    expected: { verdict: 'failed', level: 1, amber: false },
  },
  {
    recipe: 'almanac',
    release: '1.0.0+1.36.1',
    title: 'A better name for the volume',
    expected: { verdict: 'failed', level: 1, amber: false },
  },
  {
    recipe: 'keyhole',
    release: '1.0.0+1.25.3',
    title: 'Look at the containers of the host',
    expected: { verdict: 'failed', level: 0, amber: false },
  },
];

/** Whether a run came to the end that its scene must come to. */
export function isAsExpected(scene: Scene, run: RunRecord): boolean {
  const { verdict, level, amber } = scene.expected;
  return run.verdict === verdict && run.level === level && run.amber === amber;
}
