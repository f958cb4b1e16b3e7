import type { Release } from '@cc-ci/deploy/deployer';
import type { Deployment, Standing } from '../deployment.ts';

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
  /** What is up when the tier begins; undefined before the first. */
  readonly standing: Standing | undefined;
  /** How long the commit has to stand, in milliseconds. */
  readonly holdMs: number;
  /** A sentence for the log. */
  say(sentence: string): void;
}

/** How a tier ended well. One that fails throws, see fault.ts. */
export interface TierResult {
  readonly state: 'pass' | 'skip';
  /** Of a skip: a half sentence. */
  readonly reason: string | null;
  /** A fact worth a word in the table of steps. */
  readonly note: string | null;
  /** What is up when the tier ends. */
  readonly standing: Standing;
}

export type RunTier = (context: TierContext) => Promise<TierResult>;
