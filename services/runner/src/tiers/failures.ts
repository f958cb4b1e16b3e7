import type { Tier } from '@cc-ci/shared/contract/glossary';
import type { TestResult } from '@cc-ci/shared/contract/run';

/** The commit was deployed over its base, and yet it is not what runs. The app's fault. */
export class NotUpgraded extends Error {
  override readonly name = 'NotUpgraded';
  readonly service: string;
  /** What is wrong with it, following its name. */
  readonly what: string;
  constructor({ service, what }: { service: string; what: string }) {
    super(`\`${service}\` ${what}.`);
    this.service = service;
    this.what = what;
  }
}

/** People reached the app before the upgrade, and do not reach it after. The app's fault. */
export class AddressLost extends Error {
  override readonly name = 'AddressLost';
}

/** What the app had kept before the upgrade, it does not find after it. The app's fault. */
export class DataLost extends Error {
  override readonly name = 'DataLost';
  readonly volume: string;
  constructor(volume: string, sentence: string) {
    super(sentence);
    this.volume = volume;
  }
}

/** The backup, or the way back from it, does not do what its labels say. The app's fault. */
export class BackupUnfit extends Error {
  override readonly name = 'BackupUnfit';
  /** Who said `lines`, where somebody did. */
  readonly service: string | undefined;
  readonly lines: readonly string[];
  constructor(sentence: string, { service, lines = [] }: { service?: string; lines?: readonly string[] } = {}) {
    super(sentence);
    this.service = service;
    this.lines = lines;
  }
}

/** Tests of the recipe are red. The app's fault. */
export class TestsFailed extends Error {
  override readonly name = 'TestsFailed';
  readonly failed: readonly TestResult[];
  constructor(failed: readonly TestResult[], all: number) {
    super(
      `${failed.length} of ${all} ${all === 1 ? 'test' : 'tests'} ${failed.length === 1 ? 'is' : 'are'} red: ${namesOf(failed)}.`,
    );
    this.failed = failed;
  }
}

/** More than these are read in the log. */
const MOST_NAMED = 3;

function namesOf(failed: readonly TestResult[]): string {
  const named = failed.slice(0, MOST_NAMED).map(({ name }) => `\`${name}\``);
  return [...named, ...(failed.length > MOST_NAMED ? [`${failed.length - MOST_NAMED} more`] : [])].join(', ');
}

/** A step failed, and others were made after it. The app's fault. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly tier: Tier;
  readonly failure: Error;
  constructor(tier: Tier, failure: Error) {
    super(failure.message, { cause: failure });
    this.tier = tier;
    this.failure = failure;
  }
}

/** The commit cannot be installed, and neither can the version before. The app's fault, and not new. */
export class BrokenBefore extends Error {
  override readonly name = 'BrokenBefore';
  /** What is wrong with the commit. */
  readonly failure: Error;
  /** How people know the version before, Markdown. */
  readonly base: string;
  constructor(base: string, failure: Error) {
    super(`${failure.message} ${base}, the version before, cannot be installed either.`, { cause: failure });
    this.base = base;
    this.failure = failure;
  }
}
