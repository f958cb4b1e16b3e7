import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { processVariables, readProcessSettings } from '../../src/service/process-settings.ts';

const Config = z.object({ ...processVariables, FORGE_TOKEN_FILE: z.string().describe('File with a token') });
const good = `
instance: one
forge: { url: https://git.example.org }
enrol: { owners: [coop] }
deploy: { apps_domain: ci.example.org }
dashboard: { public_url: https://ci.example.org }
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ccci-settings-'));
  await writeFile(join(folder, 'token'), 'a token that is long enough\n');
  await writeFile(join(folder, 'cc-ci.yml'), good);
});
afterEach(() => rm(folder, { recursive: true }));

const environment = (changes: Record<string, string>) => ({
  REDIS_URL: 'redis://localhost:6379',
  CCCI_SETTINGS: join(folder, 'cc-ci.yml'),
  FORGE_TOKEN_FILE: join(folder, 'token'),
  ...changes,
});

describe('what a process is told', () => {
  it('is its environment and the instance file that it names', async () => {
    const { config, settings } = await readProcessSettings(Config, environment({ CCCI_HOST: 'ci-1' }));
    expect(config.CCCI_HOST).toBe('ci-1');
    expect(settings).toMatchObject({ instance: 'one', trigger: { poll_seconds: 30 } });
  });

  it('is refused where a comment would be forgotten while it could still be acted on', async () => {
    await writeFile(join(folder, 'cc-ci.yml'), `${good}trigger: { oldest_minutes: 300000 }\n`);
    const refusal = await readProcessSettings(Config, environment({})).catch(String);
    expect(refusal).toContain('trigger.oldest_minutes: read 300000; expected no more than retention.intake_days');
  });

  it('is refused with the mistakes of environment, file and secrets together', async () => {
    await writeFile(join(folder, 'cc-ci.yml'), good.replace('owners', 'ownres'));
    await writeFile(join(folder, 'token'), 'short');
    const refusal = await readProcessSettings(Config, environment({ REDIS_URL: 'nonsense', CCCI_HOTS: 'x' })).catch(String);
    expect(refusal).toContain('Nothing was started: 5 mistakes in the settings.');
    for (const part of [
      'REDIS_URL: read "nonsense"',
      'CCCI_HOTS',
      'did you mean CCCI_HOST?',
      'did you mean owners?',
      'token: read 5 characters',
    ]) {
      expect(refusal).toContain(part);
    }
  });
});
