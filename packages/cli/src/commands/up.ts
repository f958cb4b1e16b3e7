import { Settings } from '@cc-ci/shared/contract/settings';
import { openLog } from '@cc-ci/shared/service/log';
import { secretFile } from '@cc-ci/shared/service/secret-file';
import { readSettings } from '@cc-ci/shared/service/settings-file';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import type { Command } from 'commander';
import { readUpConfig } from '../config.ts';
import { startServices } from '../services.ts';

/** `ccci up`: the four services in one process, for a small installation and for trying out one's settings. */
export function addUp(ccci: Command): void {
  ccci
    .command('up')
    .description('run all four services in this process, with the settings of the environment and of cc-ci.yml')
    .action(() =>
      untilStopped(async (opened, stop) => {
        const config = readUpConfig();
        const settings = await readSettings(config.CCCI_SETTINGS, Settings);
        const token = (path: string | undefined) => (path === undefined ? async () => undefined : secretFile(path));
        const runnerToken = token(config.RUNNER_TOKEN_FILE);
        opened.use(
          await startServices({
            settings,
            redisUrl: config.REDIS_URL,
            log: (service) => openLog({ service, instance: settings.instance, level: config.LOG_LEVEL }),
            host: config.CCCI_HOST,
            dockerHost: config.DOCKER_HOST,
            folder: config.CCCI_FOLDER,
            capacity: config.RUNNER_CAPACITY,
            tokens: {
              trigger: token(config.TRIGGER_TOKEN_FILE),
              runner: runnerToken,
              reporter: token(config.REPORTER_TOKEN_FILE),
              infra: runnerToken,
            },
            adminToken: secretFile(config.ADMIN_TOKEN_FILE),
            listen: { address: '0.0.0.0', port: config.LISTEN_PORT },
            adminListen: { address: '127.0.0.1', port: config.ADMIN_PORT },
            signal: stop,
          }),
        );
      }),
    );
}
