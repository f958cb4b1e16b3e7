import { expect, it } from 'vitest';
import { RecipeRefused } from '../src/errors.ts';
import { program, recipe, saying } from './recipes.ts';
import { type Files, type Host, openStage, soon } from './stage.ts';

const plain = recipe({ app: `command: ${program()}` });

/** `prepare` and `pull`: what is read, what is refused, and whose fault it is. */
export function preparingContract(host: Host): void {
  it.each<[string, Files]>([
    ['that mounts the host', recipe({ app: 'volumes: ["/etc:/host-etc"]' })],
    [
      'that wants somebody else’s secret',
      recipe({ app: 'secrets: [theirs]' }, 'secrets: { theirs: { external: true, name: other-app_password_v1 } }\n'),
    ],
    ['that claims to be somebody else’s', recipe({ app: 'deploy: { labels: ["cc-ci.run=1"] }' })],
  ])('refuses a recipe %s', async (_, files) => {
    await using stage = await openStage(host);
    await expect(stage.prepare(files)).rejects.toThrow(RecipeRefused);
  });

  it.each<[string, Files, RegExp]>([
    [
      'that steers programs by a variable',
      { '.env.sample': 'TYPE=probe\nDOMAIN=x\nLD_PRELOAD=./evil.so\n' },
      /^`\.env\.sample` line 3: `LD_PRELOAD` would steer/,
    ],
    ['that the docker CLI cannot read', recipe({ app: 'depends_on: { db: {} }' }), /`compose\.yml`: .*depends_on/s],
    [
      'whose config file is empty',
      { ...recipe({ app: 'configs: [c]' }, 'configs: { c: { file: c.txt } }\n'), 'c.txt': '' },
      /configs\.c has 0 bytes/,
    ],
    [
      'whose secret has a name that Swarm would refuse',
      recipe({ app: 'secrets: [s]' }, `secrets: { s: { external: true, name: "\${STACK_NAME}_${'x'.repeat(70)}" } }\n`),
      /has \d+ characters, and the engine takes 64/,
    ],
  ])('says where the mistake is in a recipe %s', async (_, files, message) => {
    await using stage = await openStage(host);
    await expect(stage.prepare({ ...plain, ...files })).rejects.toThrow(message);
  });

  it('keeps what an env file says, and no path into the checkout', async () => {
    await using stage = await openStage(host);
    const { document } = await stage.prepare({ ...recipe({ app: 'env_file: [app.env]' }), 'app.env': 'INK=blue\n' });
    expect(document.services['app']).toMatchObject({ environment: { INK: 'blue' } });
    expect(document.services['app']).not.toHaveProperty('env_file');
  });

  it('tells beforehand whether there is anything to upgrade', async () => {
    await using stage = await openStage(host);
    const base = await stage.prepare(saying('same'));
    expect(host.deployer.sameSpec(base, await stage.prepare({ ...saying('same'), 'README.md': 'new' }, 'b'))).toBe(true);
    expect(host.deployer.sameSpec(base, await stage.prepare(saying('other'), 'c'))).toBe(false);
  });

  it('pulls an image and tells its id and the registry’s digest', async () => {
    await using stage = await openStage(host);
    expect(await host.deployer.pull(await stage.prepare(plain), soon())).toEqual([
      {
        reference: 'busybox:1.36.1',
        id: expect.stringMatching(/^sha256:/),
        digest: expect.stringMatching(/^busybox@sha256:/),
        standIn: true,
      },
    ]);
  });
}
