import type { Hook, HookState } from '@cc-ci/forge/schema';
import { describe, expect, it } from 'vitest';
import { desiredHook, type HookCall, leadsTo, plan } from '../src/hooks-plan.ts';

const url = 'https://ci.example.org/hooks/gitea';
const desired = desiredHook(url, 'the-present-secret');
const former = desiredHook(url, 'the-secret-before');
const hook = (id: number, change: Partial<Hook> = {}): Hook => ({
  ...{ id, url: desired.url, contentType: 'json', active: true },
  events: [...desired.events].toReversed(),
  ...change,
});
const foreign = [
  hook(90, { url: 'https://chat.example.org/hooks/gitea' }),
  hook(91, { url: 'https://ci.example.org/hooks/gitea-of-another' }),
  hook(92, { url: 'no address' }),
];

/** What the forge has once the calls were made. A new hook gets the next number. */
function after(observed: readonly Hook[], calls: readonly HookCall[]): Hook[] {
  return calls.reduce<Hook[]>(
    (hooks, call) => {
      if (call.do === 'delete') return hooks.filter(({ id }) => id !== call.id);
      if (call.do === 'edit') return hooks.map((each) => (each.id === call.id ? made(call.id, call.state) : each));
      return hooks.concat(made(Math.max(0, ...hooks.map(({ id }) => id)) + 1, call.state));
    },
    [...observed],
  );
}

const made = (id: number, { url: to, events, active }: HookState): Hook => ({
  ...{ id, url: to, events: [...events], active },
  contentType: 'json',
});

const ids = (hooks: readonly Hook[]): number[] => hooks.map(({ id }) => id).toSorted((a, b) => a - b);

describe('the hooks of a recipe', () => {
  it.each<[string, Hook[], string[], number[]]>([
    ['nothing is there: one is made', [], ['create'], [1]],
    ['it is there: nothing is done', [hook(1)], [], [1]],
    ['its events are others: they are put right', [hook(1, { events: ['push'] })], ['edit 1'], [1]],
    ['it has one event too many: that goes', [hook(1, { events: [...desired.events, 'push'] })], ['edit 1'], [1]],
    ['it was switched off: it is on again', [hook(1, { active: false })], ['edit 1'], [1]],
    ['it sends forms: it sends JSON', [hook(1, { contentType: 'form' })], ['edit 1'], [1]],
    ['it is there twice: the older one stays', [hook(2), hook(1)], ['delete 2'], [1]],
    [
      'it has the secret before: a new one comes, then the old one goes',
      [hook(1, { url: former.url })],
      ['create', 'delete 1'],
      [2],
    ],
    ['both secrets are there: the old one goes', [hook(1, { url: former.url }), hook(2)], ['delete 1'], [2]],
    ['somebody made one by hand: ours takes its place', [hook(1, { url })], ['create', 'delete 1'], [2]],
    ['a slash was put behind the address: ours takes its place', [hook(1, { url: `${url}/` })], ['create', 'delete 1'], [2]],
    [
      'all of it at once',
      [hook(1, { url: former.url }), hook(2, { active: false }), hook(3)],
      ['edit 2', 'delete 1', 'delete 3'],
      [2],
    ],
  ])('where %s', (_, ours, calls, left) => {
    const observed = [...foreign, ...ours];
    const planned = plan(desired, observed, leadsTo(url));
    expect(planned.map((call) => (call.do === 'create' ? 'create' : `${call.do} ${call.id}`))).toEqual(calls);
    const reached = after(observed, planned);
    // A new one has a number above all others.
    const newest = 93;
    expect(ids(reached)).toEqual(
      [...left.map((id) => (calls[0] === 'create' ? newest : id)), ...ids(foreign)].toSorted((a, b) => a - b),
    );
    expect(reached.filter(({ id }) => id >= 90 && id < newest)).toEqual(foreign);
    expect(plan(desired, reached, leadsTo(url))).toEqual([]);
  });
});

describe('the mark of a secret in an address', () => {
  it('is the same for the same secret, another for another, and says nothing of it', () => {
    expect(desiredHook(url, 'the-present-secret')).toEqual(desired);
    expect(desired.url).toMatch(/^https:\/\/ci\.example\.org\/hooks\/gitea\?k=[0-9a-f]{8}$/);
    expect(former.url).not.toBe(desired.url);
  });
});
