import { openLog } from '@cc-ci/shared/service/log';
import { secretFile } from '@cc-ci/shared/service/secret-file';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { readConfig } from './config.ts';
import { startTrigger, waysIn } from './service.ts';

await untilStopped(async (opened, stop) => {
  const { config, settings } = await readConfig();
  opened.use(
    await startTrigger({
      settings,
      redisUrl: config.REDIS_URL,
      log: openLog({ service: 'trigger', instance: settings.instance, level: config.LOG_LEVEL }),
      host: config.CCCI_HOST,
      forgeToken: secretFile(config.FORGE_TOKEN_FILE),
      ways: waysIn(config),
      signal: stop,
    }),
  );
});
