import { openLog } from '@cc-ci/shared/service/log';
import { secretFile } from '@cc-ci/shared/service/secret-file';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { readConfig } from './config.ts';
import { hooksOf, startInfra } from './service.ts';

await untilStopped(async (opened, stop) => {
  const { config, settings } = await readConfig();
  opened.use(
    await startInfra({
      settings,
      redisUrl: config.REDIS_URL,
      log: openLog({ service: 'infra', instance: settings.instance, level: config.LOG_LEVEL }),
      host: config.CCCI_HOST,
      forgeToken: config.FORGE_TOKEN_FILE === undefined ? async () => undefined : secretFile(config.FORGE_TOKEN_FILE),
      hooks: hooksOf(config),
      signal: stop,
    }),
  );
});
