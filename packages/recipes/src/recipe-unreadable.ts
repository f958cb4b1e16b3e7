/** What is wrong, where, and what its maintainer can do about it. */
interface Facts {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number | undefined;
  /** A clause that goes on after "`compose.yml` line 12: …", without a full stop. */
  readonly problem: string;
  /** A sentence of its own, with its full stop. */
  readonly remedy: string;
}

/** A recipe that cannot be read. The message stands in a comment as it is: "`compose.yml` line 12: … . Do this." */
export class RecipeUnreadable extends Error {
  override readonly name = 'RecipeUnreadable';
  readonly file: string;
  readonly line: number | undefined;
  readonly problem: string;
  readonly remedy: string;

  constructor(facts: Facts, options?: ErrorOptions) {
    super(`${placeInWords(facts)}: ${facts.problem}. ${facts.remedy}`, options);
    this.file = facts.file;
    this.line = facts.line;
    this.problem = facts.problem;
    this.remedy = facts.remedy;
  }
}

/** "`compose.yml` line 12", or the file alone where it is about the whole of it. Markdown. */
export function placeInWords({ file, line }: { readonly file: string; readonly line?: number | null | undefined }): string {
  return line === undefined || line === null ? `\`${file}\`` : `\`${file}\` line ${line}`;
}
