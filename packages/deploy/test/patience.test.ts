import { describe, expect, it } from 'vitest';
import { defaultPatience, type Judgement, judge, type Memory, noMemory } from '../src/patience.ts';
import type { ServiceState } from '../src/states.ts';
import { service, task } from './states.ts';

const SECOND = 1_000;

/** Shows the judge one look after another, each with its time in seconds. Gives what it said at each. */
function watch(looks: readonly (readonly [number, readonly ServiceState[]])[], services = ['app']): Judgement[] {
  let memory: Memory = noMemory;
  return looks.map(([seconds, states]) => {
    const said = judge(states, { services, commit: 'new', holdMs: 5 * SECOND }, memory, seconds * SECOND);
    memory = said.memory;
    return said.judgement;
  });
}
const words = (judgements: readonly Judgement[]) => judgements.map((said) => (said.is === 'failed' ? said.reason : said.is));

const runs = (sinceSeconds = 0) => service({ tasks: [task({ since: sinceSeconds * SECOND })] });
const starts = service({ tasks: [task({ state: 'starting' })] });
const ended = (...ids: string[]) => ids.map((id) => task({ id, state: 'failed', alive: false, exitCode: 3 }));
const endedAndStarts = (...ids: string[]) => service({ tasks: [...ended(...ids), task({ state: 'ready' })] });

describe('a deployment over time', () => {
  it('has converged once every service has held', () => {
    const looks = [
      [1, [runs(1)]],
      [5.9, [runs(1)]],
      [6, [runs(1)]],
    ] as const;
    expect(words(watch(looks))).toEqual(['waiting', 'waiting', 'converged']);
  });

  it('names the moment at which looking again is worth it', () => {
    expect(watch([[1, [runs(1)]]])).toEqual([
      { is: 'waiting', service: 'app', what: 'runs and is watched for a while', untilMs: 6 * SECOND },
    ]);
  });

  it('has to be held again by a task that replaced one which ended', () => {
    const again = service({ tasks: [...ended('a'), task({ since: 5 * SECOND })] });
    expect(
      words(
        watch([
          [1, [runs(1)]],
          [4, [endedAndStarts('a')]],
          [6, [again]],
          [10, [again]],
        ]),
      ),
    ).toEqual(['waiting', 'waiting', 'waiting', 'converged']);
  });

  it('waits for what is not there yet', () => {
    expect(watch([[0, []]])).toMatchObject([{ is: 'waiting', service: 'app', what: 'waits for Swarm to create it' }]);
  });

  it('takes no notice of services that the release does not have', () => {
    expect(words(watch([[9, [runs(1), { ...starts, name: 'left-by-the-version-before' }]]]))).toEqual(['converged']);
  });

  it('may start for as long as its health check lets it (case 53)', () => {
    expect(
      words(
        watch([
          [0, [starts]],
          [600, [starts]],
        ]),
      ),
    ).toEqual(['waiting', 'waiting']);
  });

  it('fails at once when Swarm rolls it back', () => {
    const back = service({ commit: 'old', update: { state: 'rollback_started', message: '' } });
    expect(words(watch([[0, [back]]]))).toEqual(['rolled-back']);
  });

  it('is not failed by a pause that passes, but by one that stays (case 47)', () => {
    const paused = service({ update: { state: 'paused', message: '' }, tasks: [task({})] });
    expect(
      words(
        watch([
          [0, [paused]],
          [9, [paused]],
          [9.5, [runs()]],
        ]),
      ),
    ).toEqual(['waiting', 'waiting', 'converged']);
    expect(
      words(
        watch([
          [0, [paused]],
          [10, [paused]],
        ]),
      ),
    ).toEqual(['waiting', 'paused']);
    expect(
      words(
        watch([
          [0, [paused]],
          [5, [starts]],
          [10, [paused]],
        ]),
      ),
    ).toEqual(['waiting', 'waiting', 'waiting']);
  });

  it('fails within 30 s when no node takes it (case 45)', () => {
    const nowhere = service({ mode: 'global', wanted: 0 });
    expect(
      words(
        watch([
          [0, [nowhere]],
          [29, [nowhere]],
        ]),
      ),
    ).toEqual(['waiting', 'unschedulable']);
  });

  it('is the engine’s trouble when there is no address for it (case 49)', () => {
    expect(words(watch([[60, [service({ tasks: [task({ state: 'new' })] })]]]))).toEqual(['blocked']);
  });
});

describe('a service that ends again and again', () => {
  const others = { ...runs(), name: 'db' };
  const both = ['app', 'db'];

  it('has failed a minute after everything else stood', () => {
    const looks = [
      [0, [endedAndStarts('a', 'b', 'c', 'd'), others]],
      [59, [endedAndStarts('e'), others]],
      [60, [endedAndStarts('f'), others]],
    ] as const;
    expect(words(watch(looks, both))).toEqual(['waiting', 'waiting', 'crash-loop']);
  });

  it('is remembered beyond what Swarm remembers', () => {
    const looks = ['a', 'b', 'c', 'd'].map((id, at) => [at, [endedAndStarts(id), others]] as const);
    expect(watch([...looks, [70, [endedAndStarts('e'), others]]], both).at(-1)).toMatchObject({
      what: 'ended with exit code 3, 5 times',
    });
  });

  it('has failed at once where it has no neighbour to wait for', () => {
    const looks = [
      [0, [endedAndStarts('a', 'b', 'c')]],
      [9, [endedAndStarts('d')]],
    ] as const;
    expect(words(watch(looks))).toEqual(['waiting', 'crash-loop']);
  });

  it('may wait for a neighbour that is still starting', () => {
    const starting = { ...starts, name: 'db' };
    const loop = endedAndStarts('a', 'b', 'c', 'd', 'e');
    expect(
      words(
        watch(
          [
            [0, [loop, starting]],
            [300, [loop, starting]],
          ],
          both,
        ),
      ),
    ).toEqual(['waiting', 'waiting']);
  });

  it('has failed when its neighbour does the same', () => {
    const loops = [endedAndStarts('a', 'b', 'c', 'd'), { ...endedAndStarts('e', 'f', 'g', 'h'), name: 'db' }];
    expect(
      words(
        watch(
          [
            [0, loops],
            [60, loops],
          ],
          both,
        ),
      ),
    ).toEqual(['waiting', 'crash-loop']);
  });

  it('has failed when Swarm does not start it again', () => {
    const given = service({ tasks: ended('a') });
    expect(
      words(
        watch([
          [0, [given]],
          [5, [given]],
        ]),
      ),
    ).toEqual(['waiting', 'crash-loop']);
  });

  it('has failed sooner when the engine cannot start it at all', () => {
    const refused = ['a', 'b', 'c'].map((id) =>
      task({ id, state: 'rejected', refused: true, alive: false, error: 'no such mount' }),
    );
    const said = watch([[0, [service({ tasks: [...refused, task({ state: 'ready' })] })]]]);
    expect(said).toMatchObject([{ is: 'failed', reason: 'rejected', what: 'was refused by the engine: no such mount, 3 times' }]);
  });

  it('has failed when the engine cannot start it, whatever its neighbour does', () => {
    const refused = ['a', 'b', 'c'].map((id) => task({ id, state: 'rejected', refused: true, alive: false }));
    const states = [service({ tasks: [...refused, task({ state: 'ready' })] }), { ...starts, name: 'db' }];
    expect(words(watch([[0, states]], both))).toEqual(['rejected']);
  });

  it('uses the patience it is given', () => {
    const hasty = { ...defaultPatience, crashLoopMs: 0 };
    const { judgement } = judge(
      [endedAndStarts('a', 'b', 'c', 'd'), others],
      { services: both, commit: 'new', holdMs: 0 },
      noMemory,
      0,
      hasty,
    );
    expect(judgement.is).toBe('failed');
  });
});
