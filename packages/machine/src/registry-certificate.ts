import { join } from 'node:path';
import type { Debian } from './debian.ts';
import { runProgram } from './run-program.ts';

/** Longer than any machine lives, in days. */
const VALID_DAYS = 3650;

/** Writes a key and a certificate, which is its own authority, for these hosts: `<folder>/registry.key` and `<folder>/registry.crt`. */
export async function issueRegistryCertificate(debian: Debian, folder: string, hosts: readonly string[]): Promise<void> {
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  const what = [
    '-subj',
    '/CN=cc-ci stand-in registry',
    '-addext',
    `subjectAltName=${names}`,
    '-addext',
    'basicConstraints=critical,CA:TRUE',
  ];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  const files = ['-keyout', join(folder, 'registry.key'), '-out', join(folder, 'registry.crt')];
  const request = ['req', '-x509', '-config', '/dev/null', '-days', String(VALID_DAYS), ...key, ...what, ...files];
  await runProgram(debian.program('openssl'), request, { env: debian.environment });
}
