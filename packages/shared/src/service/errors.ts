import { z } from 'zod';

/** What a process of ours ends with. Those above 64 are of sysexits.h. */
export const exitCodes = {
  /** It did what it was asked to, or was told to stop and did. */
  ok: 0,
  /** It could not: its last words say why. */
  failed: 1,
  /** EX_UNAVAILABLE: what it needs does not answer; later it may. */
  unavailable: 69,
  /** EX_CONFIG: settings or machine are wrong, and starting it again as it is will not help. */
  misconfigured: 78,
} as const;

/** A chain longer than this is a mistake in itself, and nobody reads on. */
const MAX_CAUSES = 10;

/** The error as a sentence, then each cause of it on a line of its own. For logs and terminals; not scrubbed. */
export function describe(error: unknown): string {
  return chainOf(error).map(sentenceOf).join('\n  because: ');
}

/** The code that a process ends with because of this error: the error's own `exitCode`, or `failed`. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number') return error.exitCode;
  return exitCodes.failed;
}

function chainOf(error: unknown): unknown[] {
  const chain = [error];
  for (let last = error; last instanceof Error && last.cause !== undefined && chain.length < MAX_CAUSES; last = last.cause) {
    chain.push(last.cause);
  }
  return chain;
}

function sentenceOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  // Node's connection attempts to several addresses end as one error without a message of its own.
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(sentenceOf)].filter(Boolean).join('; ');
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}
