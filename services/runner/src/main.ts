import { openLog } from '@cc-ci/shared/service/log';
import { secretFile } from '@cc-ci/shared/service/secret-file';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { readConfig } from './config.ts';
import { RUNNER_GRACE_MS, startRunner } from './service.ts';

await untilStopped(
  async (opened, stop) => {
    const { config, settings } = await readConfig();
    opened.use(
      await startRunner({
        settings,
        redisUrl: config.REDIS_URL,
        log: openLog({ service: 'runner', instance: settings.instance, level: config.LOG_LEVEL }),
        host: config.CCCI_HOST,
        dockerHost: config.DOCKER_HOST,
        folder: config.CCCI_STATE,
        capacity: config.CCCI_CAPACITY,
        proxyAddress: config.CCCI_PROXY_ADDRESS,
        forgeToken: config.FORGE_TOKEN_FILE === undefined ? async () => undefined : secretFile(config.FORGE_TOKEN_FILE),
        signal: stop,
      }),
    );
  },
  { graceMs: RUNNER_GRACE_MS },
);
