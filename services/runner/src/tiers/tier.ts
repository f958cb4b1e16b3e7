import type { Release } from '@cc-ci/deploy/deployer';
import type { BackupPlan } from '@cc-ci/recipes/backup';
import type { LintFinding } from '@cc-ci/recipes/lint/finding';
import type { TestResult } from '@cc-ci/shared/contract/run';
import type { Backup } from '../backups.ts';
import type { Canaries } from '../canary.ts';
import type { DatabaseCanaries } from '../database-canaries.ts';
import type { Deployment, Standing } from '../deployment.ts';
import type { TestTier } from '../tests/find.ts';

/** What the upgrade starts from: the release as a new operator would install it, and how people know it (Markdown). */
export interface BaseRelease {
  readonly release: Release;
  readonly name: string;
  /** The commit under test as it reaches an operator who installed this base: with the old settings. Throws RecipeUnreadable or RecipeRefused. */
  upgraded(): Promise<Release>;
}

/** What every tier is given. */
export interface TierContext {
  readonly deployment: Deployment;
  readonly base: BaseRelease | undefined;
  /** The commit under test, as a new operator would install it. */
  readonly commit: Release;
  /** What of the commit is to be backed up; undefined where nothing is. */
  readonly plan: BackupPlan | undefined;
  /** What is up when the tier begins; undefined before the first. */
  readonly standing: Standing | undefined;
  /** What was backed up before; undefined until then. */
  readonly kept: Kept | undefined;
  /** How long the commit has to stand, in milliseconds. */
  readonly holdMs: number;
  /** What lint holds against the commit, errors first. */
  lintCommit(): Promise<readonly LintFinding[]>;
  /** Runs tests of the recipe. Throws TestMisplaced, NothingToTest, ImageUnavailable, PullTooSlow. */
  runTests(tier: TestTier): Promise<readonly TestResult[]>;
  /** cc-ci's own check of what was saved; nothing where it has none for this recipe. */
  verifyBackup(): Promise<readonly TestResult[]>;
  /** A sentence for the log. */
  say(sentence: string): void;
}

/** A backup, and the canaries that were in the volumes when it was made. */
export interface Kept {
  readonly backup: Backup;
  readonly canaries: Canaries;
  readonly databases: DatabaseCanaries;
}

/** How long anything stands that is not what is judged: as long as Swarm itself watches an update. Milliseconds. */
export const SHORT_HOLD_MS = 5_000;

/** How a tier ended. One that ends the run throws, see fault.ts; `fail` and `unver` are those after which it goes on. */
export interface TierResult {
  readonly state: 'pass' | 'skip' | 'fail' | 'unver';
  /** Of all but a pass: a half sentence. */
  readonly reason: string | null;
  /** A fact worth a word in the table of steps. */
  readonly note: string | null;
  /** What is up when the tier ends. */
  readonly standing: Standing | undefined;
  /** Of a `fail`: why the run fails, once its other steps are made; without it, it does not. */
  readonly failure?: Error;
  readonly findings?: readonly LintFinding[];
  readonly tests?: readonly TestResult[];
  readonly kept?: Kept;
}

export type RunTier = (context: TierContext) => Promise<TierResult>;
