/** More edits than this, and the two words are not one word with a typo. */
const MAX_EDITS = 2;

/** The known word that was probably meant, or undefined. Compared without case; a swap of neighbours is one edit. */
export function nearest(word: string, knownWords: Iterable<string>): string | undefined {
  let best: { word: string; edits: number } | undefined;
  for (const candidate of knownWords) {
    const edits = editsBetween(word.toLowerCase(), candidate.toLowerCase());
    // A short word is near to everything: at least half of it has to stay.
    if (edits <= Math.min(MAX_EDITS, candidate.length / 2) && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) {
      best = { word: candidate, edits };
    }
  }
  return best?.word;
}

/** Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours. */
function editsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(last, column) + 1,
          at(current, column - 1) + 1,
          at(last, column - 1) + same,
          swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
