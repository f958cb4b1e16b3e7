import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environmentTable, readEnv } from '../../src/service/env.ts';

const Config = z.object({
  REDIS_URL: z.url().describe('Redis that all services share, e.g. redis://localhost:6379'),
  HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(8080).describe('Port of the webhook; 0: any'),
  LOG_LEVEL: z.enum(['debug', 'info']).default('info').describe('What is logged'),
  ADMIN_TOKEN: z.string().min(20).optional().describe('Token of the operators'),
});

function refusal(environment: Record<string, string>): string {
  try {
    readEnv(Config, environment);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
}

describe('the environment of a process', () => {
  it('is read, with defaults for what is absent or empty', () => {
    const environment = { REDIS_URL: 'redis://localhost', LOG_LEVEL: '', HTTP_PORT: '0', HOME: '/root' };
    expect(readEnv(Config, environment)).toEqual({ REDIS_URL: 'redis://localhost', LOG_LEVEL: 'info', HTTP_PORT: 0 });
  });

  it('is refused with all mistakes at once, each with its name, what was read and what is expected', () => {
    expect(refusal({ HTTP_PORT: 'eighty', LOG_LEVEL: 'loud', ADMIN_TOKEN: 'too-short' })).toBe(
      [
        'Nothing was started: 4 mistakes in the environment.',
        '  REDIS_URL: not set; expected Redis that all services share, e.g. redis://localhost:6379',
        '  HTTP_PORT: read "eighty"; expected a number (Port of the webhook; 0: any)',
        '  LOG_LEVEL: read "loud"; expected one of debug, info (What is logged)',
        '  ADMIN_TOKEN: read [secret]; expected string to have >=20 characters (Token of the operators)',
      ].join('\n'),
    );
  });

  it.each([
    ['is refused for a variable that is nearly a known one', 'HTTP_PROT', 'did you mean HTTP_PORT?'],
    ['is accepted with variables of other programs', 'FTP_PORT', 'accepted'],
    ['is accepted with variables of our other services', 'HTTP_SHUTDOWN', 'accepted'],
  ])('%s', (_, name, expected) => {
    expect(refusal({ REDIS_URL: 'redis://localhost', [name]: '1' })).toContain(expected);
  });

  it('ends the process with 78 when it is refused', () => {
    expect(() => readEnv(Config, {})).toThrow(expect.objectContaining({ exitCode: 78 }));
  });
});

describe('the table of the environment', () => {
  it('has a row for each variable: name, default, sentence', () => {
    expect(environmentTable(Config)).toEqual([
      { name: 'REDIS_URL', default: 'required', sentence: 'Redis that all services share, e.g. redis://localhost:6379' },
      { name: 'HTTP_PORT', default: '8080', sentence: 'Port of the webhook; 0: any' },
      { name: 'LOG_LEVEL', default: 'info', sentence: 'What is logged' },
      { name: 'ADMIN_TOKEN', default: '', sentence: 'Token of the operators' },
    ]);
  });

  it('is refused when a variable has no sentence', () => {
    expect(() => environmentTable(z.object({ NAMELESS: z.string() }))).toThrow('The setting NAMELESS has no sentence');
  });
});
