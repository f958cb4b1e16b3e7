import { DeployRefused, ImageUnavailable, NotConverged, RecipeRefused } from '@cc-ci/deploy/errors';
import { placeInWords, type RecipeUnreadable } from '@cc-ci/recipes/recipe-unreadable';
import type { Tier, Verdict } from '@cc-ci/shared/contract/glossary';
import type { Cause } from '@cc-ci/shared/contract/run';
import { duration } from '@cc-ci/shared/service/duration';
import { describe } from '@cc-ci/shared/service/errors';
import { SettingsRefused } from '@cc-ci/shared/service/settings-refused';
import { CheckoutFailed } from './checkout.ts';
import { DiskTooFull } from './disk.ts';
import { isOfTheApp, isOfTheRecipe } from './fault.ts';
import { notConvergedInWords } from './not-converged.ts';
import { NotServing } from './probe.ts';
import { DeadlinePassed, LeaseLost, RunnerStopped, StopWished } from './stop.ts';
import { AddressLost, BackupUnfit, BrokenBefore, DataLost, StepFailed, TestsFailed } from './tiers/failures.ts';
import { asEvidence, telling, withoutNeighbours } from './words.ts';

/** How an attempt ended. */
export type Ending =
  | { readonly as: Verdict; readonly cause: Cause | null }
  /** Our own trouble, which another attempt may not meet. `why`: a half sentence. */
  | { readonly as: 'lost'; readonly why: string; readonly cause: Cause; readonly retryAfterMs: number };

/** What is known when something failed. */
export interface Circumstances {
  readonly tier: Tier | null;
  /** What the attempt was doing, as words. */
  readonly doing: string | null;
  readonly stack: string;
  readonly host: string;
  /** The host has no room left: whatever failed, failed for that. */
  readonly diskFull: boolean;
  /** The last lines of the app's services, for failures that bring none of their own. */
  readonly logs: readonly { readonly service: string; readonly lines: readonly string[] }[];
}

/** Lines under a sentence: enough to believe it, few enough to read. */
const EVIDENCE_LINES = 4;
/** Of what one red test says: others are red too. */
const LINES_OF_A_TEST = 2;
/** Violations that are listed; more are counted. */
const VIOLATIONS_SHOWN = 6;
/** Ways out that are told at once: each is a sentence or two. */
const REMEDIES_SHOWN = 2;

/** A registry that counts pulls, or a disk that fills up, wants more than a moment. Milliseconds. */
const LONG_RETRY_MS = 90_000;
const SHORT_RETRY_MS = 10_000;

const SWARM_SAYS = 'Swarm says why in the lines above: mend what they name, push, then ask again.';
const OURS = 'If it happens again, tell the operators of this cc-ci.';

/**
 * Finds out whose fault it is that an attempt did not pass, and says it in one sentence with the lines that it rests on.
 * @param error what was thrown; of a stopped attempt, the reason of its signal
 */
export function diagnose(error: unknown, known: Circumstances): Ending {
  if (error instanceof StepFailed) return diagnose(error.failure, { ...known, tier: error.tier });
  if (error instanceof StopWished) return { as: error.stop, cause: null };
  if (error instanceof RunnerStopped)
    return lost('the runner was stopped', `The runner on ${known.host} was stopped during the run.`, known, 0);
  if (error instanceof LeaseLost) return lost('the runner lost its hold on the run', error.message, known, SHORT_RETRY_MS);
  if (error instanceof DeadlinePassed) return outOfTime(error, known);
  if (error instanceof CheckoutFailed) return notCheckedOut(error, known);
  if (known.diskFull)
    return lost(`the disk of ${known.host} is full`, `The disk of ${known.host} is full.`, known, LONG_RETRY_MS);
  if (error instanceof SettingsRefused) return misconfigured(error, known);
  if (isOfTheApp(error)) return { as: 'failed', cause: causeOf(error, known) };
  const patience = needsTime(error) ? LONG_RETRY_MS : SHORT_RETRY_MS;
  return lost('cc-ci met trouble of its own', oneSentence(describe(error), known.stack), known, patience);
}

/** A registry's limit, or a disk that others fill, does not pass in seconds. */
function needsTime(error: unknown): boolean {
  return error instanceof DiskTooFull || (error instanceof ImageUnavailable && error.kind !== 'unreachable');
}

/** The cause of a run that lost its runner: nobody is left to say more. */
export function runnerGone(runner: string, host: string, tier: Tier | null): Cause {
  const sentence = `The runner ${runner} on ${host} went silent during the run.`;
  return { fault: 'ours', tier, sentence, evidence: [], remedy: OURS };
}

function lost(
  why: string,
  sentence: string,
  { tier }: Circumstances,
  retryAfterMs: number,
  evidence: Cause['evidence'] = [],
): Ending {
  return { as: 'lost', why, retryAfterMs, cause: { fault: 'ours', tier, sentence, evidence, remedy: OURS } };
}

function outOfTime({ minutes }: DeadlinePassed, { tier, doing }: Circumstances): Ending {
  const during = doing === null ? '' : `; the last thing it did: ${doing}`;
  const sentence = `The run took longer than ${minutes} min and was stopped${during}.`;
  const remedy = 'If the recipe needs this long, ask the operators for a longer limit.';
  return { as: 'errored', cause: { fault: 'ours', tier, sentence, evidence: [], remedy } };
}

/** Files of ours, so another attempt reads the same; what is wrong in which line is all there is to say. */
function misconfigured({ message }: SettingsRefused, { tier, stack }: Circumstances): Ending {
  const [sentence = '', ...lines] = message.split('\n');
  const evidence = lines.slice(0, EVIDENCE_LINES).map((line) => ({ text: asEvidence(line.trim(), stack), source: 'cc-ci' }));
  const remedy = 'Whoever keeps cc-ci’s own tests of this recipe has to mend the file first.';
  return { as: 'errored', cause: { fault: 'ours', tier, sentence, evidence, remedy } };
}

function notCheckedOut({ kind, what, said }: CheckoutFailed, known: Circumstances): Ending {
  const evidence = [{ text: asEvidence(said, known.stack), source: 'git' }];
  switch (kind) {
    case 'unreachable':
      return lost(
        'the forge was away',
        `${what} could not be fetched: the forge did not answer git.`,
        known,
        LONG_RETRY_MS,
        evidence,
      );
    case 'absent': {
      const sentence = `${what} is not to be had from the forge any more: was it pushed over?`;
      const remedy = 'That takes the commit that is there now.';
      return { as: 'errored', cause: { fault: 'ours', tier: known.tier, sentence, evidence, remedy } };
    }
    case 'denied': {
      const sentence = `${what} could not be fetched: the forge does not let cc-ci read this repository.`;
      const remedy = 'An operator has to give the account of cc-ci the right to read it first.';
      return { as: 'errored', cause: { fault: 'ours', tier: known.tier, sentence, evidence, remedy } };
    }
  }
}

function causeOf(error: Error, known: Circumstances): Cause {
  const { tier, stack } = known;
  if (error instanceof BrokenBefore) {
    const cause = causeOf(error.failure, known);
    return { ...cause, sentence: `${cause.sentence} ${error.base}, the version before, cannot be installed either.` };
  }
  if (isOfTheRecipe(error)) return error instanceof RecipeRefused ? refused(error, tier) : unreadable(error, tier);
  if (error instanceof NotConverged) {
    const { sentence, remedy } = notConvergedInWords(error, tier, stack);
    return { fault: 'app', tier, sentence, evidence: evidenceOf(error.evidence, error.service, stack), remedy };
  }
  if (error instanceof NotServing) {
    const sentence = `The app runs, but its address ${withoutNeighbours(error.what, stack)}, for ${duration(error.waitedMs)}.`;
    const remedy = 'Look at the traefik labels of the service that people reach, the port they name, and what it answers on `/`.';
    const evidence = known.logs
      .flatMap(({ service, lines }) => evidenceOf(lines, service, stack).slice(-2))
      .slice(0, EVIDENCE_LINES);
    return { fault: 'app', tier, sentence, evidence, remedy };
  }
  if (error instanceof ImageUnavailable) {
    const remedy =
      'Correct the name or the tag of the image, or push it first. If it is there, ask an operator to give cc-ci access.';
    return {
      fault: 'app',
      tier,
      sentence: `There is no image \`${error.image}\` at ${error.registry} that cc-ci may read.`,
      evidence: [],
      remedy,
    };
  }
  if (error instanceof DeployRefused) {
    const evidence = evidenceOf(error.said.split('\n'), 'Swarm', stack);
    return { fault: 'app', tier, sentence: 'Swarm does not accept this deployment.', evidence, remedy: SWARM_SAYS };
  }
  if (error instanceof TestsFailed) return testsFailed(error, tier, stack);
  const evidence = error instanceof BackupUnfit ? evidenceOf(error.lines, error.service ?? 'app', stack) : [];
  return { fault: 'app', tier, sentence: oneSentence(error.message, stack), evidence, remedy: remedyOf(error) };
}

function testsFailed({ failed, message }: TestsFailed, tier: Tier | null, stack: string): Cause {
  const evidence = failed
    .flatMap(({ name, said }) => evidenceOf(said.split('\n'), name, stack).slice(0, LINES_OF_A_TEST))
    .slice(0, EVIDENCE_LINES);
  const where = tier === 'local' ? 'the recipe' : 'cc-ci';
  const remedy = `Each test says more in the log, and ${where} keeps them in \`tests/\`: mend what they name, push, then ask again.`;
  return { fault: 'app', tier, sentence: oneSentence(message, stack), evidence, remedy };
}

/** What helps where the sentence says it all. */
function remedyOf(error: Error): string {
  if (error instanceof AddressLost)
    return 'Keep the traefik labels and the address that people use, and what the front page answers; push, then ask again.';
  if (error instanceof DataLost)
    return `Keep the volume and the place where it is mounted, or bring over what is in it; push, then ask again. If it need not outlive an upgrade, ask an operator to allow \`data:${error.volume}\` for this recipe.`;
  if (error instanceof BackupUnfit)
    return 'Look at the `backupbot` labels: what they save, and what their hooks do with it; push, then ask again.';
  return 'Look at what the services of the commit run now, and at `update_config`; push, then ask again.';
}

function refused({ violations }: RecipeRefused, tier: Tier | null): Cause {
  const [first, ...others] = violations;
  const more = others.length === 0 ? '' : ` And ${others.length} more of this kind.`;
  return {
    fault: 'recipe',
    tier,
    sentence: `${first?.problem ?? 'The recipe asks for what a commit under test may not have.'}${more}`,
    evidence: violations
      .slice(0, VIOLATIONS_SHOWN)
      .map(({ key, value }) => ({ text: value === '' ? key : `${key}: ${value}`, source: 'compose file' })),
    remedy: [...new Set(violations.map(({ remedy }) => remedy))].slice(0, REMEDIES_SHOWN).join(' ') || null,
  };
}

function unreadable(error: RecipeUnreadable, tier: Tier | null): Cause {
  const { problem, remedy } = error;
  return { fault: 'recipe', tier, sentence: `${placeInWords(error)}: ${problem}.`, evidence: [], remedy };
}

function evidenceOf(lines: readonly string[], source: string, stack: string): Cause['evidence'] {
  return telling(lines, EVIDENCE_LINES).map((line) => ({ text: asEvidence(line, stack), source }));
}

/** The text as one line that ends with a full stop. */
function oneSentence(text: string, stack: string): string {
  const line = asEvidence(text.replaceAll(/\s*\n\s*/g, ' '), stack);
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}
