import type { Pair, Phases, RunPhases } from './pairs.ts';

/** One line of `npm run bench --json`. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The smallest and the largest of what was measured. */
  readonly spread: string;
  /** What it was measured of. */
  readonly of: string;
}

/** The figures of these names over all pairs of one recipe: medians of the ratios within a pair, so that a busy minute counts on both sides. */
export function figuresOf(recipe: string, pairs: readonly Pair[]): Figure[] {
  const of = `${recipe}, ${pairs.length} pairs`;
  return [
    ratio('run-over-floor', of, pairs, ({ floor, run }) => wholeRun(run) / (floor.deploy + floor.update + floor.remove)),
    ratio('verdict-over-floor', of, pairs, ({ floor, run }) => untilVerdict(run) / (floor.deploy + floor.update)),
  ];
}

function untilVerdict({ start, deploy, update, verdict }: RunPhases): number {
  return start + deploy + update + verdict;
}

function wholeRun(run: RunPhases): number {
  return untilVerdict(run) + run.remove;
}

function ratio<Measured>(name: string, of: string, pairs: readonly Measured[], value: (pair: Measured) => number): Figure {
  const values = pairs.map(value).toSorted((a, b) => a - b);
  const [smallest = Number.NaN, largest = Number.NaN] = [values.at(0), values.at(-1)];
  return { name, value: rounded(median(values)), unit: 'ratio', spread: `${rounded(smallest)} to ${rounded(largest)}`, of };
}

/** How many deliveries a second were answered in one turn of each. */
export interface Rates {
  readonly ours: number;
  readonly bare: number;
}

/** What of a hundred answers only one took longer than. @param milliseconds in any order */
export function latencyFigure(name: string, at: string, milliseconds: readonly number[]): Figure {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const of = `${at}, ${sorted.length} deliveries`;
  return {
    name,
    value: rounded(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN),
    unit: 'ms',
    ...{ spread: `${rounded(sorted.at(0) ?? Number.NaN)} to ${rounded(sorted.at(-1) ?? Number.NaN)}`, of },
  };
}

/** How many deliveries are answered in the time in which a bare receiver answers one: 1 is as fast, more is better. */
export function rateFigure(name: string, rates: readonly Rates[]): Figure {
  return ratio(name, `${rates.length} pairs`, rates, ({ ours, bare }) => ours / bare);
}

/** Where the time of a run goes that the floor does not need: a row for each phase, medians in milliseconds. */
export function phaseRows(pairs: readonly Pair[]): string[] {
  const of = (pick: (pair: Pair) => number): number => Math.round(median(pairs.map(pick).toSorted((a, b) => a - b)));
  const row = (phase: string, run: number, floor: number): string =>
    `  ${phase.padEnd(36)} ${String(run).padStart(6)} ms  floor ${String(floor).padStart(6)} ms  ${run >= floor ? '+' : ''}${run - floor}`;
  const both = (phase: string, key: keyof Phases): string =>
    row(
      phase,
      of(({ run }) => run[key]),
      of(({ floor }) => floor[key]),
    );
  return [
    row(
      'let in, claimed, fetched, prepared',
      of(({ run }) => run.start),
      0,
    ),
    both('deploy and converge', 'deploy'),
    both('update and converge', 'update'),
    row(
      'verdict written',
      of(({ run }) => run.verdict),
      0,
    ),
    both('remove and prove', 'remove'),
  ];
}

/** Of values in ascending order. */
function median(values: readonly number[]): number {
  const middle = Math.floor(values.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [values[middle - 1], values[middle]];
  return values.length % 2 === 1 ? high : (low + high) / 2;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
