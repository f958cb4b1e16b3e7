import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { machinesFolder } from '@cc-ci/machine/config';
import { execa } from 'execa';
import { describe, expect, it, vi } from 'vitest';

const ccci = fileURLToPath(new URL('../packages/cli/src/main.ts', import.meta.url));

/** Machines that may be alive now, that of the tests among them. */
const machines = (): Promise<string[]> => readdir(machinesFolder());

describe('ccci demo', () => {
  it('ends green, amber and red, says so in a line for each run, and leaves nothing', async () => {
    const before = await machines();
    const { stdout } = await execa(process.execPath, [ccci, 'demo', '--once', '--json']);
    expect(stdout.split('\n').map((line) => JSON.parse(line))).toMatchObject([
      { recipe: 'guestbook', verdict: 'passed', level: 5, amber: false, seconds: expect.any(Number) },
      { recipe: 'signpost', verdict: 'passed', level: 5, amber: true, seconds: expect.any(Number) },
      { recipe: 'lantern', verdict: 'failed', level: 1, amber: false, seconds: expect.any(Number) },
      { recipe: 'almanac', verdict: 'failed', level: 1, amber: false, seconds: expect.any(Number) },
      { recipe: 'keyhole', verdict: 'failed', level: 0, amber: false, seconds: expect.any(Number) },
    ]);
    expect(await machines()).toEqual(before);
  });

  it('leaves nothing when it is stopped while its runs are under way', async () => {
    const before = await machines();
    const demo = execa(process.execPath, [ccci, 'demo'], { reject: false });
    for await (const line of demo) if (line.includes('… install')) demo.kill('SIGINT');
    expect(await demo).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('Stopping (SIGINT)') });
    expect(await machines()).toEqual(before);
  });

  it('leaves nothing when nobody reads on what it says', async () => {
    const before = await machines();
    const { exitCode } = await execa('sh', ['-c', `"${process.execPath}" "${ccci}" demo | head -n 1`], { reject: false });
    expect(exitCode).toBe(0);
    await vi.waitFor(async () => expect(await machines()).toEqual(before), { timeout: 60_000 });
  });
});
