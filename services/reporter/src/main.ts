import { openLog } from '@cc-ci/shared/service/log';
import { secretFile } from '@cc-ci/shared/service/secret-file';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { readConfig } from './config.ts';
import { startReporter } from './service.ts';

await untilStopped(async (opened, stop) => {
  const { config, settings } = await readConfig();
  opened.use(
    await startReporter({
      settings,
      redisUrl: config.REDIS_URL,
      log: openLog({ service: 'reporter', instance: settings.instance, level: config.LOG_LEVEL }),
      host: config.CCCI_HOST,
      forgeToken: secretFile(config.FORGE_TOKEN_FILE),
      adminToken: secretFile(config.ADMIN_TOKEN_FILE),
      listen: { address: config.LISTEN_ADDRESS, port: config.LISTEN_PORT },
      adminListen: { address: config.ADMIN_LISTEN_ADDRESS, port: config.ADMIN_LISTEN_PORT },
      signal: stop,
    }),
  );
});
