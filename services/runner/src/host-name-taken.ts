import { exitCodes } from '@cc-ci/shared/service/errors';

/** Two runners with different engines were given the same host name. */
export class HostNameTaken extends Error {
  override readonly name = 'HostNameTaken';
  readonly exitCode = exitCodes.misconfigured;
  constructor(host: string) {
    super(
      `A runner with another Docker engine already goes by the host name \`${host}\`: the two would take each other's runs for dead. Give this host a name of its own in CCCI_HOST.`,
    );
  }
}
