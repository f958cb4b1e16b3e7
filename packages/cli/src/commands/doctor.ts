import { examineRunnerHost } from '@cc-ci/runner/service';
import { exitCodes } from '@cc-ci/shared/service/errors';
import { SettingsRefused } from '@cc-ci/shared/service/settings-refused';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import type { Command } from 'commander';
import { readDoctorConfig } from '../config.ts';
import { type DoctorView, doctorText } from '../doctor-view.ts';
import { COMMAND } from '../records.ts';

/** `ccci doctor`: whether this host can carry out runs, and what is missing. */
export function addDoctor(ccci: Command): void {
  ccci
    .command('doctor')
    .description('say whether this host can carry out runs, by what, and what is missing')
    .option('--json', 'print it as one line of JSON', false)
    .action(({ json }: { json: boolean }) =>
      untilStopped(async () => {
        const { config, settings } = await readDoctorConfig();
        const refused = settings instanceof SettingsRefused;
        const { driver = null, ...found } = await examineRunnerHost({
          deploy: refused ? usual : settings.deploy,
          dockerHost: config.DOCKER_HOST,
        });
        const file = refused
          ? settingsCheck(settings)
          : { name: 'settings', ok: true, says: `${config.CCCI_SETTINGS} is in order.` };
        const view: DoctorView = { fit: found.fit && !refused, driver, checks: [file, ...found.checks] };
        process.stdout.write(`${json ? JSON.stringify(view) : doctorText(view)}\n`);
        return view.fit ? exitCodes.ok : exitCodes.misconfigured;
      }, COMMAND),
    );
}

/** What a host is looked at with as long as its settings cannot be read. */
const usual = { driver: 'auto', docker_cli: 'docker', network: 'proxy', abra: 'abra' } as const;

function settingsCheck({ message }: SettingsRefused): DoctorView['checks'][number] {
  const [, ...mistakes] = message.split('\n');
  return {
    name: 'settings',
    ok: false,
    says: `The instance file cannot be used: ${mistakes.map((line) => line.trim()).join('; ')}.`,
    remedy: 'CCCI_SETTINGS says where it is, docs/settings.md what is in it. The rest was looked at with the defaults.',
  };
}
