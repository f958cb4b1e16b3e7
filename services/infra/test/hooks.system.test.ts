import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Settings } from '@cc-ci/shared/contract/settings';
import { putEnrolled } from '@cc-ci/shared/runs/enrolled';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openLog } from '@cc-ci/shared/service/log';
import { openProducer, type Producer } from '@cc-ci/shared/service/queue-producer';
import { openRedis, type RedisConnection } from '@cc-ci/shared/service/redis';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { type ForgeDouble, startForgeDouble } from '../../../packages/forge-double/src/double.ts';
import { until } from '../../../packages/shared/test/service/until.ts';
import { type HookOptions, hooksOf, startInfra } from '../src/service.ts';

let folder: string;
let forge: ForgeDouble;
let connection: RedisConnection;
let producer: Producer;
let instance: string;
const log = openLog({ service: 'infra', instance: 'demo', level: 'error' });

beforeEach(async () => {
  instance = `i${randomBytes(3).toString('hex')}`;
  folder = await mkdtemp(join(tmpdir(), 'ccci-infra-'));
  forge = await startForgeDouble({ folder });
  forge.addUser('ana');
  forge.addOrganisation('coop', { owner: 'ana' });
  const { id } = await forge.addRepository('coop/hedgedoc');
  connection = await openRedis(inject('machine').redisUrl, { log, role: 'queue' });
  producer = openProducer({ connection, prefix: keysOf(instance).queuePrefix });
  const repo = { id, owner: 'coop', name: 'hedgedoc' };
  const cloneUrl = forge.cloneUrl('coop/hedgedoc');
  await putEnrolled(connection.client, instance, [{ v: 1, repo, cloneUrl, defaultBranch: 'main', private: false, seenAt: 0 }]);
});
afterEach(async () => {
  await connection.client.del(await connection.client.keys(`${keysOf(instance).queuePrefix}*`));
  await connection[Symbol.asyncDispose]();
  await forge[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function start(hooks: HookOptions | undefined): Promise<AsyncDisposable> {
  const settings = Settings.parse({
    instance,
    forge: { url: forge.url },
    enrol: { owners: ['coop'] },
    deploy: { apps_domain: 'apps.example.org' },
    schedules: { sweep: null },
    dashboard: { public_url: 'https://ci.example.org' },
  });
  return startInfra({
    settings,
    redisUrl: inject('machine').redisUrl,
    log,
    host: 'local',
    forgeToken: async () => undefined,
    hooks,
  });
}

const asked = (): string[] => forge.requests.all().flatMap(({ method, path }) => (path.includes('/hooks') ? [method] : []));

describe('infra', () => {
  it('makes the hooks when it starts, where it may', async () => {
    const token = forge.issueToken('ana', ['write:repository']);
    const secrets = async () => ['a-secret-of-hooks'];
    await using _ = await start({ url: 'https://ci.example.org/hooks/gitea', adminToken: async () => token, secrets });
    await until(async () => asked().includes('POST'));
    expect(asked()).toEqual(['GET', 'POST']);
  });

  it('asks the forge nothing about hooks unless it is told to, also when the duty is due from before', async () => {
    await using _ = await start(undefined);
    await producer.add('infra', { v: 1, duty: 'hooks' });
    await until(async () => {
      const { waiting, active, completed } = (await producer.counts()).infra;
      return waiting + active === 0 && completed > 0;
    });
    expect(asked()).toEqual([]);
  });
});

describe('whether hooks are kept in order', () => {
  const config = { WEBHOOK_AUTOREGISTER: '1', WEBHOOK_URL: 'https://ci.example.org/hooks/gitea' } as const;

  it('is off unless it is switched on, whatever else is set', () => {
    expect(
      hooksOf({ ...config, WEBHOOK_AUTOREGISTER: '0', FORGE_ADMIN_TOKEN_FILE: '/t', WEBHOOK_SECRET_FILE: '/s' }),
    ).toBeUndefined();
  });

  it('is refused with all that is missing', () => {
    expect(() => hooksOf(config)).toThrow(/2 mistakes.*FORGE_ADMIN_TOKEN_FILE: not set.*WEBHOOK_SECRET_FILE: not set/s);
  });
});
