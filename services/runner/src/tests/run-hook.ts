import type { TestResult } from '@cc-ci/shared/contract/run';
import { openDoor } from './door.ts';
import type { Hook } from './hooks.ts';
import { inSandbox, saidOf, type Testing, tooLong } from './testing.ts';
import { layOut } from './workroom.ts';

/**
 * Calls a hook beside the app, as tests are run. One that fails is like a test that is red.
 * @param folder with the file of the hook @param seconds how long it is called again until it returns something true; 0: called once
 */
export async function runHook({ file, name }: Hook, folder: string, seconds: number, testing: Testing): Promise<TestResult> {
  const { app, deployer, signal, say } = testing;
  const room = await layOut(testing.folder, folder, testing);
  await using opened = new AsyncDisposableStack();
  if (room.door !== undefined) opened.use(await openDoor({ app, deployer, folder: room.door, signal, say }));
  const named = `${file} › ${name}`;
  const end = await inSandbox(['python3', '-m', 'ccci_hooks', file, name, String(seconds)], room, 'usual', testing);
  if ('tookTooLong' in end) return tooLong(named, end.tookTooLong);
  return end.exitCode === 0
    ? { name: named, state: 'pass', said: '' }
    : { name: named, state: 'fail', said: saidOf(end, testing) };
}
