/** One thing that a host needs, as it was found. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Nothing depends on it. */
  readonly optional?: boolean;
  /** What was found, as a sentence. */
  readonly says: string;
  /** What to do where it is not well. */
  readonly remedy?: string;
}
