import { examineHost, type HostFindings } from '@cc-ci/deploy/examine-host';
import type { Settings } from '@cc-ci/shared/contract/settings';

/** What a host would be used with. */
export interface RunnerHost {
  readonly deploy: Pick<Settings['deploy'], 'driver' | 'docker_cli' | 'network' | 'abra'>;
  readonly dockerHost: string;
}

/** Looks whether a runner could work on this host, and what would deploy. Changes nothing. */
export function examineRunnerHost({ deploy, dockerHost }: RunnerHost): Promise<HostFindings> {
  return examineHost({
    driver: deploy.driver,
    dockerCli: deploy.docker_cli,
    network: deploy.network,
    dockerHost,
    abra: deploy.abra,
  });
}
