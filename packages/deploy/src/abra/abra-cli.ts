import { scrub } from '@cc-ci/shared/service/scrub';
import { ToolUnfit } from '../errors.ts';
import { programPath } from '../program-path.ts';
import { runTool } from '../run-tool.ts';

/** It deploys and does not wait; what takes longer than this hangs, on a prompt or on the network. Milliseconds. */
const CALL_LIMIT_MS = 5 * 60_000;
/** Where the programs are that abra itself may call. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Without these a deployment of ours would ask a person, take the commit for a release, or wait in its own way. */
const NEEDED = ['--no-input', '--chaos', '--no-converge-checks'] as const;
/** What else is given where it is known: deploy over what runs, ask no DNS, ask no forge. */
const WELCOME = ['--force', '--no-domain-checks', '--offline'] as const;

/** What abra said, without secrets. Its exit code alone proves nothing: what it did is looked at afterwards. */
export interface AbraSaid {
  readonly succeeded: boolean;
  /** Both streams, in the order in which they came. */
  readonly text: string;
}

export interface AbraCli {
  /** Of the tool, as it says it. */
  readonly version: string;
  /** Deploys what the recipe's folder holds. @param folder ABRA_DIR Throws ToolUnfit, and the signal's reason when aborted. */
  deploy(domain: string, folder: string, signal: AbortSignal): Promise<AbraSaid>;
}

export interface AbraOptions {
  /** A name on PATH or an absolute path. */
  readonly file: string;
  /** `unix:///path` or `tcp://host:port`. */
  readonly dockerHost: string;
}

/** Opens abra, once it has shown that it knows what is needed. Throws ToolUnfit. */
export async function openAbra({ file, dockerHost }: AbraOptions): Promise<AbraCli> {
  const path = await programPath(file);
  if (path === undefined) throw new ToolUnfit(`There is no \`${file}\` on PATH. Install abra, or set \`deploy.driver: swarm\`.`);
  const call = async (args: readonly string[], folder: string, signal: AbortSignal): Promise<AbraSaid> => {
    // HOME, so that nothing of this host's user is read: no docker contexts, no git settings.
    const environment = { ABRA_DIR: folder, HOME: folder, PATH, DOCKER_HOST: dockerHost, NO_COLOR: '1', TERM: 'dumb' };
    const name = `abra ${args.slice(0, 2).join(' ')}`;
    const { succeeded, all } = await runTool(path, args, name, { environment, folder, limitMs: CALL_LIMIT_MS, signal });
    return { succeeded, text: scrub(all) };
  };
  const soon = (): AbortSignal => AbortSignal.timeout(CALL_LIMIT_MS);
  const [version, help] = [await call(['--version'], '/', soon()), await call(['app', 'deploy', '--help'], '/', soon())];
  const knows = (flag: string): boolean => new RegExp(`${flag}(?![\\w-])`).test(help.text);
  const missing = NEEDED.filter((flag) => !knows(flag));
  if (missing.length > 0)
    throw new ToolUnfit(
      `${path} does not know ${missing.join(', ')} of \`abra app deploy\`: cc-ci needs a newer abra, or \`deploy.driver: swarm\`.`,
    );
  const flags = [...NEEDED, ...WELCOME.filter(knows)];
  return {
    version: version.text.trim(),
    deploy: (domain, folder, signal) => call(['app', 'deploy', domain, ...flags], folder, signal),
  };
}
