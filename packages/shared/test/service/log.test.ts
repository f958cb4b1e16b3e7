import { describe, expect, it } from 'vitest';
import { knownSecret } from '../../src/service/scrub.ts';
import { memoryLog } from './memory-log.ts';

function entry(write: (log: ReturnType<typeof memoryLog>['log']) => void): Record<string, unknown> {
  const { log, lines } = memoryLog();
  write(log);
  return JSON.parse(lines[0] ?? '');
}

describe('a line of the log', () => {
  it('says when, how bad, and who', () => {
    expect(entry((log) => log.warn('disk nearly full'))).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'test',
      instance: 'here',
      msg: 'disk nearly full',
    });
  });

  it('masks values under secret-like names at every depth, lists included', () => {
    const nested = { a: { b: { c: { d: { apiKey: 'x' } } } }, list: [{ password: { is: 'y' } }], token_file: '/run/t' };
    expect(entry((log) => log.info(nested))).toMatchObject({
      a: { b: { c: { d: { apiKey: '[secret]' } } } },
      list: [{ password: '[secret]' }],
      token_file: '/run/t',
    });
  });

  it('masks a known secret wherever it stands', () => {
    knownSecret('s3cr3t-value');
    const { log, lines } = memoryLog();
    log.child({ of: 's3cr3t-value' }).error({ err: new Error('denied for s3cr3t-value') }, 'used s3cr3t-value');
    expect(lines.join()).not.toContain('s3cr3t-value');
    expect(lines.join().split('[secret]').length).toBeGreaterThan(3);
  });

  it('gives an error with its causes, one a line', () => {
    const err = new Error('No report was sent.', { cause: new Error('The forge is away.') });
    expect(entry((log) => log.error({ err }, 'failed'))).toMatchObject({
      err: {
        name: 'Error',
        what: 'No report was sent.\n  because: The forge is away.',
        stack: expect.stringContaining('log.test.ts'),
      },
    });
  });

  it('ends although an object holds itself', () => {
    const circle: Record<string, unknown> = { name: 'circle' };
    circle['self'] = circle;
    expect(entry((log) => log.info({ circle }))).toMatchObject({ circle: { name: 'circle' } });
  });
});
