import type { App, Deployer } from '@cc-ci/deploy/deployer';
import { EngineUnavailable } from '@cc-ci/deploy/errors';
import type { Resources } from '@cc-ci/shared/contract/run';
import type { Standing } from './deployment.ts';
import type { Journal } from './journal.ts';

export interface MeasuringParts {
  readonly app: App;
  readonly deployer: Pick<Deployer, 'footprint'>;
  readonly journal: Pick<Journal, 'record'>;
  /** The commit under test: what the version before it takes is not measured. */
  readonly commit: string;
}

/**
 * Measures what the app takes of its host, each time that a step has left it up; the record has the most that was seen. An engine that
 * does not answer is nobody's failure here: then nothing is written.
 */
export function openMeasuring({ app, deployer, journal, commit }: MeasuringParts): (standing: Standing) => Promise<void> {
  let most: Resources | undefined;
  return async ({ release, startMs }) => {
    if (release.commit !== commit) return;
    const seen = await deployer.footprint(app).catch((error: unknown) => {
      if (error instanceof EngineUnavailable) return undefined;
      throw error;
    });
    if (!seen) return;
    const memory = [seen.memoryBytes, most?.memoryBytes ?? undefined].filter((bytes) => bytes !== undefined);
    most = {
      memoryBytes: memory.length === 0 ? null : Math.max(...memory),
      imageBytes: Math.max(seen.imageBytes, most?.imageBytes ?? 0),
      startMs: startMs ?? most?.startMs ?? null,
    };
    await journal.record({ kind: 'measured', resources: most });
  };
}
