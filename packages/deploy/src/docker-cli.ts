import { ToolUnfit } from './errors.ts';
import { programPath } from './program-path.ts';
import { runTool, type Said } from './run-tool.ts';

/** The first docker CLI that can print a merged document (`docker stack config`). */
const OLDEST_MAJOR = 23;
/** One call reads files or talks to the engine of this host; a minute means that it hangs. */
const CALL_LIMIT_MS = 60_000;

/** What one call is given. Nothing else of this process's environment reaches the tool. */
export interface Call {
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface DockerCli {
  /** Of the tool, e.g. 26. Throws ToolUnfit as `run` does. */
  majorVersion(): Promise<number>;
  /** Runs `docker <args>`. Throws ToolUnfit when the tool is missing, too old or does not end, and the signal's reason when aborted. */
  run(args: readonly string[], call: Call): Promise<Said>;
}

/**
 * Opens the docker CLI. The host is told by a flag and `configFolder` (an empty folder) by another, so that a variable of the same name in
 * an app's environment is neither obeyed nor filled in from ours.
 */
export function openDockerCli(options: {
  readonly file: string;
  readonly host: string;
  readonly configFolder: string;
}): DockerCli {
  let found: Promise<Found> | undefined;
  const usable = () => {
    found ??= usableDocker(options.file).catch((error: unknown) => {
      // Somebody may install it meanwhile.
      found = undefined;
      throw error;
    });
    return found;
  };
  return {
    majorVersion: async () => (await usable()).major,
    run: async (args, call) =>
      docker((await usable()).path, ['--config', options.configFolder, '--host', options.host, ...args], call),
  };
}

interface Found {
  /** Absolute. */
  readonly path: string;
  readonly major: number;
}

/** The CLI, once it has shown that it is recent enough. */
async function usableDocker(file: string): Promise<Found> {
  const path = await programPath(file);
  if (path === undefined)
    throw new ToolUnfit(`There is no docker CLI named \`${file}\` on PATH. Install one, or set its absolute path.`);
  const { stdout } = await docker(path, ['--version'], { folder: '/', signal: AbortSignal.timeout(CALL_LIMIT_MS) });
  const major = Number(/version (\d+)\./.exec(stdout)?.[1]);
  if (major >= OLDEST_MAJOR) return { path, major };
  throw new ToolUnfit(
    `${path} is too old (\`${stdout}\`): cc-ci needs the docker CLI ${OLDEST_MAJOR} or newer, for \`docker stack config\`.`,
  );
}

function docker(path: string, args: readonly string[], { environment = {}, folder, signal }: Call): Promise<Said> {
  return runTool(path, args, `docker ${args.at(0)}`, { environment, folder, limitMs: CALL_LIMIT_MS, signal });
}
