import { expect, it } from 'vitest';
import { DeployRefused, ImageUnavailable } from '../src/errors.ts';
import { everything, program, recipe, saying } from './recipes.ts';
import { type Host, openStage, soon } from './stage.ts';

// Watched for long enough that what dies after two seconds does so within it, on a busy machine too.
const careful = '{ update_config: { order: start-first, failure_action: rollback, monitor: 30s } }';
const hurried = 'restart_policy: { delay: 1s }';
const nowhere = 'placement: { constraints: ["node.labels.moon == full"] }';

/** What never converges: told early, with its reason, and removed like anything else. */
export function failingContract(host: Host): void {
  const { deployer } = host;

  it.each([
    {
      when: 'a service ends again and again',
      keys: `command: ["sh", "-c", "echo bad password; exit 3"]\ndeploy: { ${hurried} }`,
      reason: 'crash-loop',
      exit: 3,
      evidence: 'bad password',
    },
    {
      when: 'a service has ended as often as it may',
      keys: 'command: ["sh", "-c", "echo gone; exit 3"]\ndeploy: { restart_policy: { max_attempts: 1, delay: 1s } }',
      reason: 'crash-loop',
      exit: 3,
      evidence: 'gone',
    },
    {
      when: 'the health check fails, though the program ends well when it is told to',
      keys: `command: ${program()}\nhealthcheck: { test: "echo deaf; false", interval: 1s, retries: 1 }\ndeploy: { ${hurried} }`,
      reason: 'unhealthy',
      exit: 0,
      evidence: 'health check: deaf',
    },
    {
      when: 'the health check fails and Swarm may not start it again',
      keys: `command: ${program()}\nhealthcheck: { test: "echo deaf; false", interval: 1s, retries: 1 }\ndeploy: { restart_policy: { condition: on-failure } }`,
      reason: 'unhealthy',
      exit: 0,
      evidence: 'health check: deaf',
    },
    {
      when: 'the program is not in the image',
      keys: `command: ["no-such-program"]\ndeploy: { ${hurried} }`,
      reason: 'rejected',
      evidence: expect.stringContaining('no-such-program'),
    },
    {
      when: 'no node may take a service',
      keys: `command: ${program()}\ndeploy: { ${nowhere} }`,
      reason: 'unschedulable',
      evidence: expect.stringContaining('no suitable node'),
    },
    {
      when: 'no node may take a global service',
      keys: `command: ${program()}\ndeploy: { mode: global, ${nowhere} }`,
      reason: 'unschedulable',
    },
  ])('is told early when $when', async ({ keys, reason, exit, evidence }) => {
    await using stage = await openStage(host);
    const error = await stage.notConverged(await stage.prepare(recipe({ app: `command: ${program()}`, bad: keys })));
    expect(error).toMatchObject({ service: 'bad', reason });
    if (exit !== undefined) expect(error.exits).toContain(exit);
    if (evidence !== undefined) expect(error.evidence).toContainEqual(evidence);
  });

  it('is told at its deadline when it may still become healthy', async () => {
    await using stage = await openStage(host);
    const slow = recipe({ app: `command: ${program()}\nhealthcheck: { test: "false", interval: 30s, retries: 9 }` });
    const release = await stage.prepare(slow);
    await deployer.pull(release, soon());
    const error = await stage.notConverged(release, AbortSignal.timeout(8_000));
    expect(error).toMatchObject({ service: 'app', reason: 'timeout' });
    expect(error.message).toBe('`app` was not ready in time: it has started, its health check has not passed yet.');
  });

  it('stops waiting when it is told to', async () => {
    await using stage = await openStage(host);
    const release = await stage.prepare(recipe({ app: 'command: ["false"]' }));
    await deployer.apply(stage.app, release, soon());
    const cancelled = new AbortController();
    const waiting = deployer.converge(
      stage.app,
      release,
      { deadline: soon(), holdMs: 0, say: () => cancelled.abort(new Error('cancelled by carol')) },
      cancelled.signal,
    );
    await expect(waiting).rejects.toThrow('cancelled by carol');
  });

  it('leaves nothing once it is removed', async () => {
    await using stage = await openStage(host);
    const broken = { ...everything, 'greeting.txt': '{{ secret "no-such" }}' };
    const templated = {
      'compose.yml': `${everything['compose.yml']}`.replace('file: greeting.txt', 'file: greeting.txt, template_driver: golang'),
    };
    const error = await stage.notConverged(await stage.prepare({ ...broken, ...templated }));
    expect(error).toMatchObject({ service: 'app', reason: 'rejected' });
    expect((await deployer.remove(stage.app, soon())).left).toEqual([]);
    expect(await stage.owned()).toEqual([]);
  });

  it('since the engine refuses its third service leaves no network, volume or secret (case 33)', async () => {
    await using stage = await openStage(host);
    const third = '  third:\n    image: busybox:1.36.1\n    deploy: { resources: { limits: { memory: 1k } } }\nvolumes:';
    const compose = `${everything['compose.yml']}`.replace(/^volumes:/m, third);
    const release = await stage.prepare({ ...everything, 'compose.yml': compose });
    await expect(deployer.apply(stage.app, release, soon())).rejects.toThrow(DeployRefused);
    expect((await stage.owned()).length).toBeGreaterThan(0);
    expect((await deployer.remove(stage.app, soon())).left).toEqual([]);
    expect(await stage.owned()).toEqual([]);
  });

  it('as an upgrade that Swarm rolls back gives the exit code and the last words', async () => {
    await using stage = await openStage(host);
    await stage.deploy(await stage.prepare(saying('old')));
    const error = await stage.notConverged(
      await stage.prepare(saying('x; sleep 2; echo no such table; exit 3; echo', careful), 'b'),
    );
    expect(error).toMatchObject({ service: 'app', reason: 'rolled-back', exits: [3] });
    expect(error.message).toBe('`app` was put back to the version before by Swarm: it ended with exit code 3.');
    expect(error.evidence).toContain('no such table');
    expect(await deployer.observe(stage.app)).toMatchObject({ commit: 'a'.repeat(40) });
  });

  it('as an upgrade that changes a config under its old name says what to do', async () => {
    await using stage = await openStage(host);
    await stage.deploy(await stage.prepare(everything));
    const changed = await stage.prepare({ ...everything, 'greeting.txt': 'good night' }, 'b');
    await expect(deployer.apply(stage.app, changed, soon())).rejects.toThrow(
      `the config \`${stage.app.stack}_greeting_v1\` has changed, but not its name`,
    );
  });

  it('as an upgrade that Swarm leaves half done is told', async () => {
    await using stage = await openStage(host);
    await stage.deploy(await stage.prepare(saying('old')));
    const error = await stage.notConverged(await stage.prepare(saying('x; exit 4; echo'), 'b'));
    expect(error).toMatchObject({ service: 'app', reason: 'paused' });
    expect(error.exits).toContain(4);
  });

  it('for want of an image is told before anything is created', async () => {
    await using stage = await openStage(host);
    const release = await stage.prepare({
      'compose.yml': 'version: "3.8"\nservices: { app: { image: "busybox:0.0.0-no-such" } }\n',
    });
    await expect(deployer.pull(release, soon())).rejects.toThrow(ImageUnavailable);
    expect(await stage.owned()).toEqual([]);
  });
}
