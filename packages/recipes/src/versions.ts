import semver from 'semver';

/** A recipe's version `<recipe semver>+<upstream version>`. */
export interface Version {
  readonly text: string;
  /** The maintainer's semver, left of the plus. */
  readonly recipe: string;
  /** Of the packaged software, in whatever form it comes. */
  readonly upstream: string;
}

/** undefined where the text is not a recipe version, e.g. `v2.4.8`. */
export function parseVersion(text: string): Version | undefined {
  const { recipe, upstream } = /^(?<recipe>\d[^+]*)\+(?<upstream>[\w.-]+)$/.exec(text)?.groups ?? {};
  if (recipe === undefined || upstream === undefined || semver.valid(recipe) !== recipe) return undefined;
  return { text, recipe, upstream };
}

/**
 * Negative when `a` is older. The maintainer's semver decides, then the upstream part, number by number and word by word.
 * A total order: 0 only for the same text. (semver itself ignores everything behind the plus.)
 */
export function compareVersions(a: Version, b: Version): number {
  return semver.compare(a.recipe, b.recipe) || compareUpstream(a.upstream, b.upstream) || compareText(a.text, b.text);
}

/** The newest version among the tags; tags that are not versions are ignored. */
export function newest(tags: readonly string[]): string | undefined {
  return sorted(tags).at(-1)?.text;
}

/** The newest version among the tags that is older than this one; undefined also when `version` is not a version. */
export function newestOlderThan(tags: readonly string[], version: string): string | undefined {
  const limit = parseVersion(version);
  return limit && sorted(tags).findLast((tag) => compareVersions(tag, limit) < 0)?.text;
}

function sorted(tags: readonly string[]): Version[] {
  return tags.flatMap((tag) => parseVersion(tag) ?? []).sort(compareVersions);
}

/** What kind of token comes later: `1.0-rc1` < `1.0` < `1.0-alpine` < `1.0.1`. */
const order = { prerelease: 0, end: 1, word: 2, number: 3 };
const prerelease = /^(?:dev|nightly|snapshot|preview|pre|alpha|beta|rc)$/i;
type Token = { readonly rank: number; readonly text: string };
const END: Token = { rank: order.end, text: '' };

function compareUpstream(a: string, b: string): number {
  const [left, right] = [tokens(a), tokens(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [x, y] = [left[index] ?? END, right[index] ?? END];
    const difference =
      x.rank - y.rank || (x.rank === order.number ? compareNumbers(x.text, y.text) : compareText(x.text, y.text));
    if (difference !== 0) return difference;
  }
  return 0;
}

function tokens(upstream: string): Token[] {
  const found = upstream.replace(/^v(?=\d)/i, '').match(/\d+|[a-z]+/gi) ?? [];
  return found.map((text) => {
    if (/^\d/.test(text)) return { rank: order.number, text };
    return { rank: prerelease.test(text) ? order.prerelease : order.word, text: text.toLowerCase() };
  });
}

/** Of any length: dates and build numbers may exceed what a double holds. */
function compareNumbers(a: string, b: string): number {
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : Number(difference > 0n);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
