import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SandboxJob } from '@cc-ci/deploy/deployer';
import type { HostProxy } from '../probe.ts';

/** What tests are told, for those that ask: as `context.json`, read by the fixtures of the pytest plugin. */
export interface TestContext {
  readonly meta: { readonly recipe: string; readonly commit: string; readonly version: string | null };
  /** What was done to the app before; empty where nothing was. */
  readonly op_state: Readonly<Record<string, string | boolean | null>>;
  readonly deps: Readonly<Record<string, object>>;
}

/** The folders of this host that a sandbox for tests is given. */
export interface Workroom {
  readonly mounts: SandboxJob['mounts'];
  /** Where reports are written. */
  readonly results: string;
  /** Of the socket of the door; undefined where there is none. */
  readonly door: string | undefined;
}

/** What cc-ci lends to tests: the door, the pytest plugin, the configuration of Vitest. */
const HARNESS = fileURLToPath(new URL('../../harness', import.meta.url));

export interface WorkroomOptions {
  readonly proxy: HostProxy;
  readonly names: readonly string[];
  readonly context: TestContext;
  /** Tests of a stranger get no door, and links among them stay links: followed here they would bring files of the host. */
  readonly trusted: boolean;
}

/**
 * Lays out a folder for tests: a copy of them, what they are lent, and where they write. Nothing else of the host is seen by them.
 * @param names the app's own, which lead to the proxy without DNS
 */
export async function layOut(
  folder: string,
  tests: string,
  { proxy, names, context, trusted }: WorkroomOptions,
): Promise<Workroom> {
  const at = (name: string): string => join(folder, name);
  await rm(folder, { recursive: true, force: true });
  for (const name of ['results', 'door']) await mkdir(at(name), { recursive: true });
  await cp(tests, at('tests'), { recursive: true, dereference: trusted, verbatimSymlinks: !trusted });
  await cp(HARNESS, at('ccci'), { recursive: true });
  await writeFile(at('ccci/context.json'), JSON.stringify(context));
  if (proxy.ca !== undefined) await writeFile(at('ccci/ca.pem'), proxy.ca);
  await writeFile(at('hosts'), `127.0.0.1 localhost\n${proxy.address} ${names.join(' ')}\n`);
  // The tests are nobody.
  await chmod(at('results'), 0o777);
  const mount = (name: string, target: string, writable = false) => ({ source: at(name), target, writable });
  return {
    mounts: [
      mount('tests', '/tests'),
      mount('ccci', '/ccci'),
      mount('hosts', '/etc/hosts'),
      mount('results', '/results', true),
      ...(trusted ? [mount('door', '/door', true)] : []),
    ],
    results: at('results'),
    door: trusted ? at('door') : undefined,
  };
}

/** What tests find in their environment: where the app is, whose certificates to trust, and nothing that opens anything. */
export function environmentOf({ meta }: TestContext, domain: string, proxy: HostProxy, which: 'usual' | 'extra') {
  const trust = proxy.ca === undefined ? {} : trusting('/ccci/ca.pem');
  return {
    CCCI_DOMAIN: domain,
    CCCI_BASE_URL: `https://${domain}${proxy.port === 443 ? '' : `:${proxy.port}`}`,
    CCCI_RECIPE: meta.recipe,
    CCCI_COMMIT: meta.commit,
    CCCI_VERSION: meta.version ?? '',
    CCCI_TESTS: which,
    CCCI_CONTEXT: '/ccci/context.json',
    CCCI_DOOR: '/door/door',
    PATH: '/ccci:/usr/local/bin:/usr/bin:/bin',
    PYTHONPATH: '/ccci',
    HOME: '/tmp',
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    ...trust,
  };
}

function trusting(file: string): Record<string, string> {
  return { SSL_CERT_FILE: file, REQUESTS_CA_BUNDLE: file, CURL_CA_BUNDLE: file, NODE_EXTRA_CA_CERTS: file };
}
