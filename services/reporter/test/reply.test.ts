import type { Reply } from '@cc-ci/shared/contract/intake';
import { describe, expect, it } from 'vitest';
import { replyText } from '../src/render/reply.ts';
import { COMMIT, PUBLIC_URL } from './samples.ts';

const say = (reply: Reply, triggerWord = '!testme'): string => replyText(reply, 'ana', { publicUrl: PUBLIC_URL, triggerWord });

const replies: Reply[] = [
  { about: 'help' },
  { about: 'not-yet', what: '!testme --quick' },
  { about: 'mistake', said: '!tetstme', didYouMean: '!testme', problem: 'I do not know this word.' },
  { about: 'mistake', said: '!testme looks good', didYouMean: null, problem: 'A command stands alone on its line.' },
  { about: 'outsider', organisation: 'coop-cloud', commit: COMMIT, visibility: 'all' },
  { about: 'head-moved', present: COMMIT, why: 'unexplained' },
  { about: 'foreign-commit', named: 'f'.repeat(40), present: COMMIT },
  { about: 'closed' },
  { about: 'already', run: '8f3a2c' },
  { about: 'not-a-member', organisation: 'coop-cloud', visibility: 'public-only' },
  { about: 'nothing-to-stop' },
  { about: 'too-many', limit: 2, runs: ['8f3a2c', '8f3a2d'] },
  { about: 'status', here: { run: '8f3a2c', state: 'running', step: 'upgrade' }, running: 2, waiting: 3, runners: 1 },
];

describe('the reply', () => {
  it('to a cry for help shows every command, and which are not built', () => {
    expect(say({ about: 'help' })).toBe(`\
I test recipes. A command stands alone at the start of a line in a comment, for example \`!testme\`.

| what it does | command |
|---|---|
| test the head of this pull request, or the commit given in full | \`!testme [<commit>]\` |
| start from the saved data of the last good run (not yet) | \`!testme --quick\` |
| run the heavy tests of the recipe as well | \`!testme --extra-tests\` |
| run only these steps, and what they stand on | \`!testme --stages=a,b\` |
| the same as the bare command | \`!testme retry\` |
| stop the run of this pull request and clean up | \`!testme cancel\` |
| say what runs and what waits | \`!testme status\` |
| show this table | \`!testme help\` |

Anyone may use \`!testme status\` and \`!testme help\`; the others are for members of the organisation.`);
  });

  it('to a typo says what was probably meant', () => {
    expect(say({ about: 'mistake', said: '!tetstme', didYouMean: '!testme', problem: 'I do not know this word.' })).toBe(`\
You wrote \`!tetstme\`. I do not know this word. Did you mean \`!testme\`? Nothing was started.
A command stands alone at the start of a line. The commands are \`!testme [<commit>]\`, \`!testme retry\`, \`!testme cancel\`, \`!testme status\` and \`!testme help\`; \`!testme help\` explains them.`);
  });

  it('to an outsider says who can help, and for which commit', () => {
    expect(say({ about: 'outsider', organisation: 'coop-cloud', commit: COMMIT, visibility: 'all' })).toBe(`\
Thank you for this pull request. I have not started a test: it would run your commit on our server,
and that is for members of \`coop-cloud\` to decide, after they have read it.

A member's comment \`!testme\` here starts it, for \`4be91c07\` and no other commit.
After another push, somebody needs to ask again. Your request is on the [list of open requests](https://ci.example.org/requests).`);
  });

  it('to somebody whose membership may be hidden says so', () => {
    expect(say({ about: 'outsider', organisation: 'coop-cloud', commit: COMMIT, visibility: 'public-only' })).toMatch(
      /\nIf you are a member: I can see public memberships only\./,
    );
  });

  it('to a comment that a push overtook has the line to paste', () => {
    expect(say({ about: 'head-moved', present: COMMIT, why: 'pushed-after-comment' })).toBe(`\
Somebody else pushed after the comment of ana, so the commit that was meant is not the head any more. I have not started a test.
If you have read \`4be91c07\` and mean it, comment \`!testme ${COMMIT}\`.`);
  });

  it('to a flag that is not built says so', () => {
    expect(say({ about: 'not-yet', what: '!testme --quick' })).toMatch(
      /^I know `!testme --quick`, but this version of cc-ci cannot do it yet\. Nothing was started\.\n/,
    );
  });

  it('to the same request twice links the run', () => {
    expect(say({ about: 'already', run: '8f3a2c' })).toBe(
      'That test is already on its way: [run `8f3a2c`](https://ci.example.org/runs/8f3a2c). Its result comes as a comment here.',
    );
  });

  it('speaks with the trigger word of the settings', () => {
    expect(say({ about: 'help' }, '!probe')).not.toContain('!testme');
  });

  it.each(replies)('never starts a line with a command: $about', (reply) => {
    for (const line of say(reply).split('\n')) expect(line).not.toMatch(/^\W*!\w/);
  });

  it('to a question says how things are, here and on all of cc-ci', () => {
    const status = { about: 'status', here: { run: '8f3a2c', state: 'running', step: 'upgrade' } } as const;
    expect(say({ ...status, running: 2, waiting: 3, runners: 1 })).toBe(`\
Here: testing, at upgrade, in [run \`8f3a2c\`](https://ci.example.org/runs/8f3a2c).
On all of cc-ci: 2 runs going on, 3 waiting. 1 runner up. [The queue](https://ci.example.org/queue) has more.`);
    expect(say({ about: 'status', here: null, running: 0, waiting: 1, runners: 0 })).toBe(`\
Nothing of this pull request runs or waits.
On all of cc-ci: 0 runs going on, 1 waiting. No runner is up, so what waits goes on waiting. [The queue](https://ci.example.org/queue) has more.`);
  });

  it('to a request too many says what its author has already', () => {
    expect(say({ about: 'too-many', limit: 2, runs: ['8f3a2c', '8f3a2d'] })).toBe(`\
You have as many runs waiting or going on as one person may have here (2): [\`8f3a2c\`](https://ci.example.org/runs/8f3a2c) and [\`8f3a2d\`](https://ci.example.org/runs/8f3a2d). I have not started another.
When one of them is over, comment \`!testme\` once more.`);
  });

  it('to an outsider’s word to stop says whose word does', () => {
    expect(say({ about: 'not-a-member', organisation: 'coop-cloud', visibility: 'all' })).toBe(
      'Only members of `coop-cloud` stop a run. Nothing was stopped.',
    );
  });
});
