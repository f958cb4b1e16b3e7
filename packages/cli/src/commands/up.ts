import { hooksOf } from '@cc-ci/infra/service';
import { openLog } from '@cc-ci/shared/service/log';
import { secretFile } from '@cc-ci/shared/service/secret-file';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { waysIn } from '@cc-ci/trigger/service';
import type { Command } from 'commander';
import { readUpConfig } from '../config.ts';
import { SERVICES_GRACE_MS, startServices } from '../services.ts';

/** `ccci up`: the four services in one process, for a small installation and for trying out one's settings. */
export function addUp(ccci: Command): void {
  ccci
    .command('up')
    .description('run all four services in this process, with the settings of the environment and of cc-ci.yml')
    .action(() =>
      untilStopped(
        async (opened, stop) => {
          const { config, settings } = await readUpConfig();
          const { RUNNER_TOKEN_FILE: runnerFile } = config;
          const runnerToken = runnerFile === undefined ? async () => undefined : secretFile(runnerFile);
          opened.use(
            await startServices({
              settings,
              redisUrl: config.REDIS_URL,
              log: (service) => openLog({ service, instance: settings.instance, level: config.LOG_LEVEL }),
              host: config.CCCI_HOST,
              dockerHost: config.DOCKER_HOST,
              folder: config.CCCI_STATE,
              capacity: config.CCCI_CAPACITY,
              proxyAddress: config.CCCI_PROXY_ADDRESS,
              tokens: {
                trigger: secretFile(config.TRIGGER_TOKEN_FILE),
                runner: runnerToken,
                reporter: secretFile(config.REPORTER_TOKEN_FILE),
                infra: runnerToken,
              },
              ways: waysIn(config),
              adminToken: secretFile(config.ADMIN_TOKEN_FILE),
              listen: { address: config.LISTEN_ADDRESS, port: config.LISTEN_PORT },
              adminListen: { address: config.ADMIN_LISTEN_ADDRESS, port: config.ADMIN_LISTEN_PORT },
              hooks: hooksOf(config),
              signal: stop,
            }),
          );
        },
        { graceMs: SERVICES_GRACE_MS },
      ),
    );
}
