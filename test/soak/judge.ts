/** What was read after so many runs, when nothing was under way. */
export interface Reading {
  readonly runs: number;
  /** By what was read; bytes, or a count of things. */
  readonly values: Readonly<Record<string, number>>;
}

/** One thing over the whole soak. */
export interface Course {
  readonly name: string;
  /** Medians of the first and of the last third of what counts. */
  readonly early: number;
  readonly late: number;
  readonly grew: boolean;
}

/** Until so many of all readings are behind it, a process fills its caches and the engine makes what it makes once. */
const WARM_UP = 0.2;
/** Compiled code and full pools move the size of a process by less than this. A leak is larger over a soak. */
const NOISE_OF_BYTES = 0.05;
/** With fewer, chance puts all late readings above all early ones too often. */
export const FEWEST_READINGS = 15;

/**
 * Whether anything grew from the first third to the last, warm-up left out: when every late reading lies above every early
 * one. What only goes up and down does not, and what is lost with each run does, however little it is. Bytes also have to
 * grow by more than their noise. @param readings at least FEWEST_READINGS @param isBytes which of the values are bytes
 */
export function courses(readings: readonly Reading[], isBytes: (name: string) => boolean): Course[] {
  const counted = readings.slice(Math.ceil(readings.length * WARM_UP));
  const third = Math.floor(counted.length / 3);
  const names = Object.keys(counted[0]?.values ?? {});
  return names.map((name) => {
    const of = (some: readonly Reading[]): number[] =>
      some.map(({ values }) => values[name] ?? Number.NaN).toSorted((a, b) => a - b);
    const [early, late] = [of(counted.slice(0, third)), of(counted.slice(-third))];
    const [before, after] = [middle(early), middle(late)];
    const isAbove = (late[0] ?? Number.NaN) > (early.at(-1) ?? Number.NaN);
    return { name, early: before, late: after, grew: isAbove && (!isBytes(name) || after > before * (1 + NOISE_OF_BYTES)) };
  });
}

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
