import { Heartbeat } from '@cc-ci/shared/contract/heartbeat';
import { living } from '@cc-ci/shared/runs/heartbeats';
import { duration } from '@cc-ci/shared/service/duration';
import { exitCodes } from '@cc-ci/shared/service/errors';
import { untilStopped } from '@cc-ci/shared/service/shutdown';
import { Argument, type Command } from 'commander';
import { COMMAND, openRecords } from '../records.ts';

/** `ccci health`: whether a service lives, for whoever restarts what does not, such as Compose. */
export function addHealth(ccci: Command): void {
  ccci
    .command('health')
    .description('say whether a service is up, by its own word; ends with 1 where it is not')
    .addArgument(new Argument('<service>', 'which one').choices(Heartbeat.shape.service.options))
    .argument('[host]', 'on this host; on any, unless named')
    .action((service: string, host: string | undefined) =>
      untilStopped(async (opened, stop) => {
        const { redis, settings } = await openRecords(opened, stop);
        const now = Date.now();
        const beats = (await living(redis, settings.instance, now)).filter(
          (beat) => beat.service === service && (host === undefined || beat.host === host),
        );
        for (const beat of beats) say(`${service} is up on ${beat.host}, for ${duration(now - beat.startedAt)}.`);
        if (beats.length > 0) return exitCodes.ok;
        say(`No ${service} is up${host === undefined ? '' : ` on ${host}`}: none has said so of late. Its own log says why.`);
        return exitCodes.failed;
      }, COMMAND),
    );
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
