import { setTimeout as pause } from 'node:timers/promises';
import { drain, drained, resume } from '@cc-ci/shared/runs/drained';
import { living } from '@cc-ci/shared/runs/heartbeats';
import { queueView } from '@cc-ci/shared/runs/queue-view';
import { openRunStore } from '@cc-ci/shared/runs/store';
import { exitCodes } from '@cc-ci/shared/service/errors';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import type { Command } from 'commander';
import { COMMAND, openRecords, type Records } from '../records.ts';

interface DrainOptions {
  readonly resume: boolean;
  readonly wait: boolean;
  readonly force: boolean;
}

/** Records tell nobody when they change; a person sees it soon all the same. Milliseconds. */
const LOOK_MS = 1_000;

/** No runner of this name is known. */
class UnknownHost extends Error {
  override readonly name = 'UnknownHost';
  readonly exitCode = exitCodes.failed;
  constructor(host: string, known: readonly string[]) {
    const names = known.length === 0 ? 'No runner is up' : `Runners are up on: ${known.join(', ')}`;
    super(
      `No runner is up on a host named ${host}. ${names}. With --force it is drained all the same, for when its runner comes.`,
    );
  }
}

/** `ccci drain`: lets a host take no more runs, and waits until what it has is over. */
export function addDrain(ccci: Command): void {
  ccci
    .command('drain')
    .description('let a host take no more runs, and wait until those that it has are over')
    .argument('<host>', 'as `ccci queue` names it')
    .option('--resume', 'let it take runs again', false)
    .option('--no-wait', 'do not wait for what runs')
    .option('--force', 'also a host that no runner is up on', false)
    .action((host: string, options: DrainOptions) =>
      untilStopped(async (opened, stop) => {
        const records = await openRecords(opened, stop);
        if (options.resume) return await takeRunsAgain(host, records);
        await requireKnown(host, records, options.force);
        await drain(records.redis, records.settings.instance, host, Date.now());
        say(`${host} takes no more runs. \`ccci drain ${host} --resume\` lets it take runs again.`);
        if (options.wait) await untilIdle(host, records, stop);
        return exitCodes.ok;
      }, COMMAND),
    );
}

async function takeRunsAgain(host: string, { redis, settings }: Records): Promise<number> {
  const was = await resume(redis, settings.instance, host);
  say(was ? `${host} takes runs again.` : `${host} was not drained: it takes runs as before.`);
  return exitCodes.ok;
}

async function requireKnown(host: string, { redis, settings }: Records, force: boolean): Promise<void> {
  const beats = await living(redis, settings.instance, Date.now());
  const known = queueView(beats, [], []).hosts.map((each) => each.host);
  const before = (await drained(redis, settings.instance)).some((each) => each.host === host);
  if (!force && !before && !known.includes(host)) throw new UnknownHost(host, known);
}

async function untilIdle(host: string, { redis, settings }: Records, stop: AbortSignal): Promise<void> {
  const store = openRunStore(redis, settings.instance, async () => undefined);
  let told = '';
  for (;;) {
    const here = (await store.open()).filter(({ attempts }) => {
      const last = attempts.at(-1);
      return last?.host === host && last.cleanup.state === 'pending';
    });
    const ids = here.map(({ id, request }) => `${request.recipe} (run ${id})`).join(', ');
    if (here.length === 0) return say(`Nothing runs on ${host} any more.`);
    if (ids !== told) say(`Still there: ${ids}. Ctrl-C ends the waiting and leaves the host drained.`);
    told = ids;
    await pause(LOOK_MS, undefined, { signal: stop });
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
