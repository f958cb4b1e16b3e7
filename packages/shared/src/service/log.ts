import { type DestinationStream, type Logger, pino } from 'pino';
import { describe } from './errors.ts';
import { isSecretName, MASK, scrub } from './scrub.ts';

export type Log = Logger;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Objects in a log line are shallow; what lies deeper is not worth the risk of reading it. */
const MAX_DEPTH = 8;

/**
 * The log of one process: a line of JSON for each entry, on stdout unless told otherwise.
 * Values under secret-like names are masked at every depth, and the finished line is scrubbed once more, so that messages,
 * URLs and stacks are covered too. Give errors as `{ err }`: they are written with their causes, one a line.
 */
export function openLog(options: { service: string; instance: string; level?: LogLevel; destination?: DestinationStream }): Log {
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service, instance: options.instance },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withoutSecrets },
      serializers: { err: written },
      hooks: { streamWrite: scrub },
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );
}

function written(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return { name: error.name, what: describe(error), stack: error.stack };
}

function withoutSecrets(entry: Record<string, unknown>): Record<string, unknown> {
  return maskedFields(entry, 0);
}

function maskedFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isSecretName(name) ? MASK : masked(value, depth + 1)]),
  );
}

function masked(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => masked(item, depth + 1));
  // Errors, buffers, dates and the like know how they are written.
  return Object.getPrototypeOf(value) === Object.prototype ? maskedFields(value, depth) : value;
}
