import { people } from '@cc-ci/cli/demo/people';
import { isSettled } from '@cc-ci/shared/runs/next';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { page } from '../recipes/page.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let canary: Docker.Container;
let address: string;
const PORT = 8080;
const opened = new AsyncDisposableStack();
beforeAll(async () => {
  const { dockerHost, proxy } = inject('machine');
  const docker = new Docker({ socketPath: dockerHost.replace('unix://', '') });
  const Image = 'busybox:1.36.1';
  await followed(docker, await docker.pull(Image));
  // It says whatever it is told: containers of recipes can reach it over the proxy's network, and nothing else of ours.
  canary = await docker.createContainer({
    Image,
    Cmd: ['sh', '-c', `while :; do nc -l -p ${PORT}; done`],
    HostConfig: { NetworkMode: proxy.network },
  });
  opened.defer(() => canary.remove({ force: true }));
  await canary.start();
  const { NetworkSettings } = await canary.inspect();
  address = NetworkSettings.Networks[proxy.network]?.IPAddress ?? '';
  world = opened.use(await openWorld(inject('machine')));
});
afterAll(() => opened.disposeAsync());

const followed = (docker: Docker, progress: NodeJS.ReadableStream): Promise<void> =>
  new Promise((resolve, reject) => docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve())));

/** What containers have told the canary. */
async function called(): Promise<string> {
  return (await canary.logs({ stdout: true, stderr: false })).toString();
}

/** A recipe whose app tells the canary a word as soon as it runs, and says it again where nobody listened just then. */
const calling = (word: string) =>
  page({
    version: '1.1.0+1.36.1',
    image: 'busybox:1.36.1',
    command: `["sh", "-c", "until echo ${word} | nc -w 5 ${address} ${PORT}; do sleep 1; done; trap 'exit 0' TERM; while :; do sleep 1; done"]`,
    published: false,
  });

describe('guarantee 7: only a commit that a member meant is ever run', () => {
  it('and not one that somebody else pushed before the comment was read, until a member names it (case 13)', async () => {
    const pull = await world.pull('inkpot', { files: { 'README.md': '# to come\n' } }, page());
    await world.services.stop('trigger');
    world.comment(pull, '!testme');
    const pushed = await world.push(pull, calling('pushed-by-another'), { as: people.owner });
    await world.services.start('trigger');
    const line = `!testme ${pushed}`;
    await world.says(pull, line);
    await world.quiet();
    expect(await world.runs.recent(10)).toEqual([]);
    expect(await called()).toBe('');

    world.comment(pull, line);
    const run = await world.run(pull, 'the run is settled', isSettled);
    expect(run).toMatchObject({ verdict: 'passed', request: { commit: pushed, chosen: 'named' } });
    expect(await called()).toContain('pushed-by-another');
  });

  it('which is the head that its own writer pushed right after the comment, and that is said', async () => {
    const pull = await world.pull('inkblot', { files: { 'README.md': '# to come\n' } }, page());
    await world.services.stop('trigger');
    world.comment(pull, '!testme');
    const pushed = await world.push(pull, calling('pushed-by-its-writer'), { as: people.author });
    await world.services.start('trigger');
    await world.says(pull, 'The commit is the head that the same person pushed right after the comment.');
    expect(await world.run(pull, 'the run is settled', isSettled)).toMatchObject({ request: { commit: pushed } });
    expect(await called()).toContain('pushed-by-its-writer');
  });
});
