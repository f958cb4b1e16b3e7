import type { RunRecord } from '@cc-ci/shared/contract/run';
import { duration } from '@cc-ci/shared/service/duration';
import { verdictMs } from '../history.ts';
import { comparedLevel, comparedSentences } from './before.ts';
import { cleanUpSentence } from './clean-up.ts';
import { clock } from './duration.ts';
import { code, name, prose } from './escape.ts';
import { evidenceLines } from './evidence.ts';
import { toReachTop } from './findings.ts';
import { runUrl, shortCommit } from './links.ts';
import { listing } from './listing.ts';
import { nextStep } from './next-step.ts';
import { grownSentence } from './resources.ts';
import { achieved, endedLine, notAskedSentence, stepTable, untested } from './steps.ts';

/** What a result comment is made from, besides the record. */
export interface ResultFacts {
  readonly run: RunRecord;
  readonly publicUrl: string;
  readonly triggerWord: string;
  /** With `{recipe}` and `{commit}`; null: no such line. */
  readonly reproCommand: string | null;
}

/** The comment of a run that ended: its first line stands alone, then why, then what was found. */
export function resultText(facts: ResultFacts): string {
  switch (facts.run.verdict) {
    case 'passed':
      return passed(facts);
    case 'failed':
      return failed(facts);
    case 'errored':
      return errored(facts);
    default:
      return stopped(facts);
  }
}

/** A result that a newer run of the same pull request has overtaken, as a line. */
export function foldedText({ run, publicUrl }: Pick<ResultFacts, 'run' | 'publicUrl'>): string {
  return `${verdictWords(run)}: ${commitOf(run)}. A newer run follows below. [Run ${code(run.id)}](${runUrl(publicUrl, run.id)})`;
}

/** Mark and verdict in a few words, e.g. `✘ Failed at upgrade`. */
export function verdictWords({ verdict, cause, steps }: Pick<RunRecord, 'verdict' | 'cause' | 'steps'>): string {
  switch (verdict) {
    case 'passed':
      return untested(steps).length > 0 ? '◐ Passed, with a gap' : '✔ Passed';
    case 'failed':
      return cause?.tier ? `✘ Failed at ${cause.tier}` : '✘ Failed before the first step';
    case 'errored':
      return 'No verdict, cc-ci could not finish';
    case 'cancelled':
      return 'Stopped';
    case 'superseded':
      return 'Overtaken by a newer request';
    case null:
      return 'Not over yet';
  }
}

function passed(facts: ResultFacts): string {
  const { run } = facts;
  const next = toReachTop(run.steps);
  const notAsked = notAskedSentence(run.steps, facts.triggerWord);
  const shown = achieved(run.steps);
  const gap = gapSentence(run);
  const does = shown === '' ? '' : ` ${shown}`;
  return lines([
    `**${verdictWords(run)}: ${commitOf(run)}${does}.**${gap === '' ? '' : ` ${gap}`}`,
    [levelSentence(run), comparedSentences(facts)].filter((part) => part !== undefined).join(' '),
    '',
    stepTable(run.steps),
    '',
    next && prose(next),
    grownSentence(run),
    notAsked && prose(notAsked),
    cleanUpSentence(run),
    attemptSentence(run),
    standInSentence(run),
    closing(facts),
    repro(facts, 'On your machine'),
  ]);
}

/** How far the recipe goes, where all of it was looked at. */
function levelSentence(run: RunRecord): string {
  const level = comparedLevel(run);
  return level === undefined ? 'Only a part was tested, so the level stays as it was.' : `${level}.`;
}

/** What keeps a passed run from being green, in the first line; steps that share a reason share a sentence. */
function gapSentence({ steps }: RunRecord): string {
  return Object.entries(Object.groupBy(untested(steps), ({ reason }) => reason ?? ''))
    .map(
      ([reason, of = []]) =>
        `Not tested: ${listing(of.map(({ tier }) => tier))}${reason === '' ? '' : `, since ${prose(reason)}`}.`,
    )
    .join(' ');
}

function failed(facts: ResultFacts): string {
  const { run } = facts;
  const sentence = run.cause ? `: ${prose(run.cause.sentence)}` : '.';
  return lines([
    `**${verdictWords(run)}${sentence}** ${commitOf(run)}.`,
    comparedSentences(facts),
    ...evidence(run),
    run.cause?.remedy ? prose(nextStep(run.cause.remedy)) : undefined,
    `${run.steps.length > 0 ? `${endedLine(run.steps)}. ` : ''}${levelSentence(run)}`,
    cleanUpSentence(run),
    attemptSentence(run),
    standInSentence(run),
    closing(facts, `[log from the cause](${runUrl(facts.publicUrl, run.id)}#cause)`),
    repro(facts, 'The same on your machine'),
  ]);
}

function errored(facts: ResultFacts): string {
  const { run, triggerWord } = facts;
  const reached = run.steps.filter((step) => step.state === 'pass' || step.state === 'skip').map((step) => step.tier);
  const missed = run.steps.filter((step) => step.state !== 'pass' && step.state !== 'skip').map((step) => step.tier);
  return lines([
    `**No verdict: cc-ci could not finish. Your change is not the reason.** ${commitOf(run)}.`,
    run.cause ? prose(run.cause.sentence) : undefined,
    ...evidence(run),
    `${run.attempts.length > 1 ? `Tried ${run.attempts.length} times. ` : ''}Reached: ${listing(reached) || 'no step'}. Not reached: ${listing(missed) || 'the first step'}. The level stays as it was.`,
    `You need not change anything: comment ${code(triggerWord)} once more to try again.${run.cause?.remedy ? ` ${prose(run.cause.remedy)}` : ''}`,
    cleanUpSentence(run),
    closing(facts),
  ]);
}

function stopped(facts: ResultFacts): string {
  const { run } = facts;
  return lines([
    `**${whyStopped(run)}** ${commitOf(run)}.`,
    run.steps.length > 0 ? `${endedLine(run.steps)}. The level stays as it was.` : 'No step was begun.',
    cleanUpSentence(run),
    closing(facts),
  ]);
}

function whyStopped({ verdict, wish, endedAt }: RunRecord): string {
  if (verdict === 'superseded') return 'Overtaken: a newer request took the place of this one.';
  const at = endedAt === null ? '' : ` at ${clock(endedAt)}`;
  if (wish?.why === 'closed') return `Stopped${at}, since the pull request was closed: there is no verdict.`;
  return `Stopped${wish?.by ? ` by ${name(wish.by)}` : ''}${at}: there is no verdict.`;
}

function commitOf({ request }: RunRecord): string {
  return `${code(shortCommit(request.commit))} of ${name(request.recipe)}`;
}

function evidence({ cause }: RunRecord): string[] {
  const quoted = evidenceLines(cause?.evidence ?? []);
  return quoted.length === 0 ? [] : ['', ...quoted, ''];
}

/** Which attempt this is of, where it is not the first. */
function attemptSentence({ attempts }: RunRecord): string | undefined {
  const why = attempts.slice(0, -1).at(-1)?.lostTo;
  if (attempts.length < 2) return undefined;
  const before =
    attempts.length === 2 ? 'The attempt before ended' : `The ${attempts.length - 1} attempts before ended, the last one`;
  return `This is of attempt ${attempts.length}. ${before} through our own trouble${why ? `: ${prose(why)}` : ''}.`;
}

function standInSentence(run: RunRecord): string | undefined {
  return run.standIns ? 'Tested with stand-in images: this shows how cc-ci works, it says nothing of the real app.' : undefined;
}

function closing({ run, publicUrl }: ResultFacts, ...more: readonly string[]): string {
  const took = verdictMs(run);
  const link = `[Run ${code(run.id)}](${runUrl(publicUrl, run.id)})${took === undefined ? '' : `, ${duration(took)}`}`;
  return [link, ...more].join(' · ');
}

function repro({ run, reproCommand }: ResultFacts, where: string): string | undefined {
  if (reproCommand === null) return undefined;
  const { recipe, commit } = run.request;
  return `${where}: ${code(reproCommand.replaceAll('{recipe}', recipe).replaceAll('{commit}', commit))}`;
}

/** Joins lines. Undefined: nothing to say, and no gap for it; empty lines in a row are one. */
function lines(parts: readonly (string | undefined)[]): string {
  const said = parts.filter((part) => part !== undefined);
  return said.filter((part, index) => part !== '' || said[index - 1] !== '').join('\n');
}
