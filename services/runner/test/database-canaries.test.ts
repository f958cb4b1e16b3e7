import type { Executed } from '@cc-ci/deploy/deployer';
import { describe, expect, it } from 'vitest';
import { openDatabases } from '../src/database-canaries.ts';
import { app } from './example-app.ts';

const ok = (...lines: string[]): Executed => ({ exitCode: 0, lines });
const noDatabase: Executed = { exitCode: 77, lines: [] };

function databases(exec: (service: string, command: string) => Executed | undefined, allowed: string[] = []) {
  const said: string[] = [];
  const opened = openDatabases({
    app,
    deployer: { exec: async (_, service, command) => exec(service, command) },
    journal: { say: (sentence) => void said.push(sentence) },
    allowed,
    signal: new AbortController().signal,
  });
  return { ...opened, said };
}

describe('the canary in a database', () => {
  it('is left where there is one', async () => {
    const given = databases((service) => (service === 'db' ? ok() : noDatabase));
    expect(await given.leaveInDatabases(['app', 'db'])).toMatchObject({ services: ['db'] });
    expect(given.said).toEqual([]);
  });

  it('differs each time', async () => {
    const given = databases(() => ok());
    expect((await given.leaveInDatabases(['db'])).mark).not.toBe((await given.leaveInDatabases(['db'])).mark);
  });

  it('is not left where its data may be lost', async () => {
    expect(await databases(() => ok(), ['data:db']).leaveInDatabases(['db'])).toMatchObject({ services: [] });
  });

  it('is not expected of a database that does not take it, which is said', async () => {
    const given = databases(() => ({ exitCode: 3, lines: ['ERROR:  permission denied for database app'] }));
    expect(await given.leaveInDatabases(['db'])).toMatchObject({ services: [] });
    expect(given.said).toEqual(['The database of `db` cannot be watched: ERROR:  permission denied for database app']);
  });

  const left = { mark: 'wiki-8f3a2c 1', services: ['db'] };
  it.each([
    ['is there', ok('wiki-8f3a2c 1'), []],
    ['is another one', ok('wiki-8f3a2c 2'), ['db']],
    ['has no table any more', { exitCode: 1, lines: ['ERROR:  relation "cc_ci.canary" does not exist'] }, ['db']],
    ['cannot be asked for', undefined, ['db']],
  ])('that %s', async (_, answer, gone) => expect(await databases(() => answer).goneFromDatabases(left)).toEqual(gone));
});
