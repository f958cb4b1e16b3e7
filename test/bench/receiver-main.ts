// A receiver of webhooks in a process of its own, for `npm run bench`: whoever delivers must not share its event loop.
import { parseArgs } from 'node:util';
import { Settings } from '@cc-ci/shared/contract/settings';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { openLog } from '@cc-ci/shared/service/log';
import { openRedis } from '@cc-ci/shared/service/redis';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { openBareReceiver } from '../../packages/shared/test/service/bare-receiver.ts';
import { startTrigger } from '../../services/trigger/src/service.ts';
import { openWays, type Ways } from '../../services/trigger/src/ways.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: '' },
    redis: { type: 'string', default: '' },
    forge: { type: 'string', default: '' },
    token: { type: 'string', default: '' },
    secret: { type: 'string', default: '' },
  },
});
const settings = Settings.parse({
  instance: `bench-${values.kind}`,
  forge: { url: values.forge },
  enrol: { owners: ['coop'] },
  deploy: { apps_domain: 'apps.example.org' },
  dashboard: { public_url: 'https://ci.example.org' },
});
const log = openLog({ service: 'bench', instance: settings.instance, level: 'info', destination: { write: () => undefined } });
const ways: Ways = {
  listen: { address: '127.0.0.1', port: 0 },
  webhookSecrets: async () => [values.secret],
  apiTokens: undefined,
};

await untilStopped(async (opened) => {
  const open = async (): Promise<{ readonly url: string | undefined } & AsyncDisposable> => {
    if (values.kind === 'trigger') {
      return startTrigger({ settings, redisUrl: values.redis, log, host: 'bench', forgeToken: async () => values.token, ways });
    }
    if (values.kind === 'bare') {
      const redis = opened.use(await openRedis(values.redis, { log, role: 'command' }));
      return openBareReceiver({ connection: redis, prefix: keysOf(settings.instance).queuePrefix });
    }
    const forge = new Proxy({} as never, { get: () => () => Promise.reject(new Error('Nobody asks the forge here.')) });
    return openWays(ways, { settings, redisUrl: values.redis, forge, log, signal: new AbortController().signal });
  };
  process.stdout.write(`${opened.use(await open()).url}\n`);
  return undefined;
});
