import { cleanStale } from '@cc-ci/machine/remove-machine';
import type { Command } from 'commander';

/** `ccci clean`: removes what a demo or a test run left behind that was killed together with everything that cleans up after it. */
export function addClean(ccci: Command): void {
  ccci
    .command('clean')
    .description('remove what killed demos and tests left on this machine; touches nothing else')
    .action(async () => {
      const removed = await cleanStale();
      process.stdout.write(removed.length === 0 ? 'Nothing was left.\n' : `Removed: ${removed.join(', ')}.\n`);
    });
}
