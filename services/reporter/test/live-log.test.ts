import type { RunRecord } from '@cc-ci/shared/contract/run';
import { describe, expect, it } from 'vitest';
import { follow } from '../src/web/live-log.ts';
import { attempt, ended, proven, run } from './samples.ts';

const line = (id: string) => ({ id, attempt: 1, from: 'install', text: `line ${id}` });
const settled = ended('passed', { rev: 2, attempts: [attempt({ cleanup: proven })] });

/** What a reader is told while the record and the log become what is given, look by look. */
async function told(
  after: string,
  looks: readonly { record: RunRecord | undefined; log: readonly string[] }[],
): Promise<string[]> {
  const left = [...looks];
  let now = left[0];
  const source = {
    read: async () => {
      now = left.shift() ?? now;
      return now?.record;
    },
    linesAfter: async (_id: string, last: string) => (now?.log ?? []).filter((id) => id > last).map(line),
  };
  const events: string[] = [];
  for await (const event of follow('8f3a2c', after, source, AbortSignal.timeout(5_000)))
    events.push(event.event === 'line' ? event.id : event.event);
  return events;
}

describe('following a run', () => {
  it('tells each line once, each change of the record once, and ends when all is said', async () => {
    const looks = [
      { record: run({ rev: 1 }), log: ['1-0'] },
      { record: run({ rev: 1 }), log: ['1-0', '2-0'] },
      { record: settled, log: ['1-0', '2-0', '3-0'] },
    ];
    expect(await told('0', looks)).toEqual(['1-0', 'changed', '2-0', '3-0', 'changed', 'end']);
  });

  it('goes on after the line that the reader has', async () => {
    expect(await told('2-0', [{ record: settled, log: ['1-0', '2-0', '3-0'] }])).toEqual(['3-0', 'changed', 'end']);
  });

  it('goes on while the clean-up is not proven', async () => {
    const unproven = ended('passed', { rev: 1, attempts: [attempt()] });
    const looks = [
      { record: unproven, log: [] },
      { record: settled, log: ['1-0'] },
    ];
    expect(await told('0', looks)).toEqual(['changed', '1-0', 'changed', 'end']);
  });

  it('ends when the record is gone', async () => {
    expect(await told('0', [{ record: undefined, log: [] }])).toEqual(['end']);
  });
});
