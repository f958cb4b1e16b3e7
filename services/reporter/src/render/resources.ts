import type { Resources, RunRecord } from '@cc-ci/shared/contract/run';
import { duration } from '@cc-ci/shared/service/duration';
import { name } from './escape.ts';
import { listing } from './listing.ts';

/** Less than this is not worth a word. */
const GROWTH = 1.2;
const MEGABYTE = 1_000_000;

/** What is compared, and by how much it has to grow beside the share: small apps move by large shares. */
const measures: readonly {
  readonly of: (resources: Resources) => number | null;
  readonly atLeast: number;
  readonly unit: string;
  readonly amount: (value: number) => string;
}[] = [
  {
    of: ({ memoryBytes }) => memoryBytes,
    atLeast: 16 * MEGABYTE,
    unit: 'of memory',
    amount: megabytes,
  },
  {
    of: ({ imageBytes }) => imageBytes,
    atLeast: 50 * MEGABYTE,
    unit: 'of images',
    amount: megabytes,
  },
  { of: ({ startMs }) => startMs, atLeast: 5_000, unit: 'to start', amount: duration },
];

/** That the app takes clearly more than on the branch; undefined where it does not, or nobody knows. */
export function grownSentence({ resources, before }: Pick<RunRecord, 'resources' | 'before'>): string | undefined {
  const branch = before?.branch;
  if (!resources || !branch?.last.resources) return undefined;
  const last = branch.last.resources;
  const grown = measures.flatMap(({ of, atLeast, unit, amount }) => {
    const [now, then] = [of(resources), of(last)];
    return now !== null && then !== null && now >= then * GROWTH && now - then >= atLeast
      ? [`${amount(now)} ${unit} (${amount(then)})`]
      : [];
  });
  return grown.length === 0 ? undefined : `It takes more than on ${name(branch.name)}: ${listing(grown)}.`;
}

/** What the app took, for the page of its run. */
export function resourcesSentence(resources: Resources): string {
  const taken = measures.flatMap(({ of, amount, unit }) => {
    const value = of(resources);
    return value === null ? [] : [`${amount(value)} ${unit}`];
  });
  return `It took ${listing(taken)}.`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MEGABYTE)} MB`;
}
