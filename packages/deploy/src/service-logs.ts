import { scrub } from '@cc-ci/shared/service/scrub';
import type { Engine } from './engine.ts';

/** A line longer than this is cut, with a mark. */
const LINE_LIMIT = 2_000;
/** Nobody waits longer for a mere explanation. */
const READ_LIMIT_MS = 5_000;
/** stream (1 byte), nothing (3 bytes), length (4 bytes). */
const HEADER_BYTES = 8;

/** The last `tail` lines that one container has written, oldest first; none when it is not on this host any more. */
export async function linesOfContainer(engine: Engine, id: string, tail: number): Promise<string[]> {
  const answer: unknown = await engine.docker
    .getContainer(id)
    .logs(lastLines(tail))
    .catch(() => undefined);
  return Buffer.isBuffer(answer) ? linesOf(answer).slice(-tail) : [];
}

function lastLines(tail: number) {
  return { stdout: true, stderr: true, tail, follow: false as const, abortSignal: AbortSignal.timeout(READ_LIMIT_MS) };
}

/**
 * The lines of a log as the engine sends it: in frames, or raw when the container has a terminal. Control characters are dropped,
 * and secrets masked before a line is cut: half a secret would not be known again.
 */
export function linesOf(log: Buffer): string[] {
  return unframed(log)
    .split(/\r?\n/)
    .map((line) => cut(scrub(line.replaceAll(controls, ''))))
    .filter((line) => line.trim() !== '');
}

// Colours and other terminal commands first, then whatever else is not text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is about control characters
const controls = /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

function unframed(log: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at < log.length; ) {
    if (!isHeader(log, at)) return log.toString('utf8');
    const end = at + HEADER_BYTES + log.readUInt32BE(at + 4);
    parts.push(log.subarray(at + HEADER_BYTES, end));
    at = end;
  }
  return Buffer.concat(parts).toString('utf8');
}

function isHeader(log: Buffer, at: number): boolean {
  const [stream = 255, ...rest] = log.subarray(at, at + 4);
  return log.length >= at + HEADER_BYTES && stream <= 2 && rest.every((byte) => byte === 0);
}

function cut(line: string): string {
  return line.length <= LINE_LIMIT ? line : `${line.slice(0, LINE_LIMIT)} … (${line.length - LINE_LIMIT} more characters)`;
}
