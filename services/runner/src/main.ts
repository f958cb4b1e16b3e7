import { openLog } from '@cc-ci/shared/service/log';
import { secretFile } from '@cc-ci/shared/service/secret-file';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { readConfig } from './config.ts';
import { startRunner } from './service.ts';

/** The runs that go on are cleaned up within this; a service manager has to wait longer. Milliseconds. */
const GRACE_MS = 75_000;

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
        forgeToken: config.FORGE_TOKEN_FILE === undefined ? async () => undefined : secretFile(config.FORGE_TOKEN_FILE),
        signal: stop,
      }),
    );
  },
  { graceMs: GRACE_MS },
);
