import { once } from 'node:events';
import { reached } from '@cc-ci/shared/service/reached';
import { z } from 'zod';
import type { App, SandboxEnd, SandboxJob } from './deployer.ts';
import { answered, type Engine, unavailable } from './engine.ts';
import { containerOf, tailOf } from './exec.ts';
import { ownerLabels } from './labels.ts';
import { linesOf } from './service-logs.ts';

/** nobody, as Debian and Alpine number it. */
const NOBODY = '65534:65534';
/** For programs that want to write somewhere. In memory, and counted as its own. */
const TMP = 'rw,nosuid,nodev,mode=1777';
/** The engine keeps what the command says on disk as well; more than this is never read. */
const LOG_LIMIT = '1m';

const Waited = z.object({ StatusCode: z.number() });

/** See Deployer.sandbox. */
export async function runInSandbox(
  engine: Engine,
  app: Pick<App, 'stack' | 'owner'>,
  job: SandboxJob,
  signal: AbortSignal,
): Promise<SandboxEnd | undefined> {
  const beside = await containerOf(engine, app.stack, job.service);
  if (beside === undefined) return undefined;
  const id = await create(engine, app, job, { beside, signal });
  if (id === undefined) return undefined;
  try {
    return await run(engine, id, signal);
  } catch (error) {
    signal.throwIfAborted();
    // What it stands beside may be replaced at this moment.
    if (answered(error)?.status === 409) return undefined;
    throw unavailable('run tests in a container', error);
  } finally {
    await engine.remove({ kind: 'containers', id });
  }
}

async function create(
  engine: Engine,
  app: Pick<App, 'stack' | 'owner'>,
  job: SandboxJob,
  { beside, signal }: { beside: string; signal: AbortSignal },
): Promise<string | undefined> {
  try {
    const { id } = await engine.docker.createContainer({
      Image: job.image,
      Cmd: [...job.command],
      Env: Object.entries(job.environment).map(([name, value]) => `${name}=${value}`),
      User: NOBODY,
      WorkingDir: job.workdir,
      Labels: ownerLabels(app),
      HostConfig: {
        NetworkMode: `container:${beside}`,
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        Memory: job.memoryBytes,
        MemorySwap: job.memoryBytes,
        PidsLimit: job.processes,
        Tmpfs: { '/tmp': TMP },
        Mounts: job.mounts.map(({ source, target, writable }) => ({
          Type: 'bind',
          Source: source,
          Target: target,
          ReadOnly: !writable,
        })),
        LogConfig: { Type: 'json-file', Config: { 'max-size': LOG_LIMIT } },
      },
      abortSignal: signal,
    });
    return id;
  } catch (error) {
    signal.throwIfAborted();
    if (answered(error)?.status === 409) return undefined;
    throw unavailable('make a container for tests', error);
  }
}

async function run(engine: Engine, id: string, signal: AbortSignal): Promise<SandboxEnd> {
  const container = engine.docker.getContainer(id);
  const stream = await container.attach({ stream: true, stdout: true, stderr: true, abortSignal: signal });
  const said = tailOf();
  engine.docker.modem.demuxStream(stream, said.sink, said.sink);
  const closed = once(stream, 'close', { signal });
  // It is awaited below; until then it may fail unheard.
  closed.catch(() => undefined);
  await container.start({ abortSignal: signal });
  reached('runner.testing');
  const { StatusCode } = Waited.parse(await container.wait({ abortSignal: signal }));
  await closed;
  const facts = await engine.container(id);
  return { exitCode: StatusCode, lines: linesOf(said.bytes()), outOfMemory: facts?.outOfMemory ?? false };
}
