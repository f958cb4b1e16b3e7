import { mkdirSync, writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** Ends a run with the plain line `N passed, N failed, N skipped` that CI reads, and keeps it for .ci/run. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string): number => states.filter((each) => each === state).length;
    const broken = modules.reduce((sum, module) => sum + module.errors().length, errors.length);
    const skipped = count('skipped') + count('pending');
    const line = `${count('passed')} passed, ${count('failed') + broken} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    mkdirSync('.vitest', { recursive: true });
    writeFileSync('.vitest/closing-line', `${line}\n`);
    process.stdout.write(`\n${line}\n`);
  }
}
