import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { MachineProxy } from '../src/machine.ts';

export interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** Asks the proxy for a page of that host, as a browser would that trusts its authority. Rejects when the certificate does not fit. */
export function httpsGet({ address, port, caFile }: MachineProxy, host: string, path = '/'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      { host: address, port, path, servername: host, headers: { host }, ca: readFileSync(caFile), agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          body += part;
        });
        response.on('end', () => resolve({ status: response.statusCode, body }));
      },
    );
    call.on('error', reject).end();
  });
}
