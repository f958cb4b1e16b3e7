import { describe, expect, it } from 'vitest';
import { causeLine, runFacts, runPage } from '../src/web/run-page.ts';
import { ended, request, run, START, step } from './samples.ts';

const lines = ['starting', 'db: FATAL: incompatible', 'gone'].map((text, index) => ({
  id: `${index + 1}-0`,
  attempt: 1,
  from: 'upgrade',
  text,
}));
const failed = (text: string) =>
  ended('failed', {
    cause: { fault: 'app', tier: 'upgrade', sentence: '`db` <b>stops</b>.', evidence: [{ source: 'db', text }], remedy: null },
  });
const page = async (record: ReturnType<typeof run>): Promise<string> =>
  String(await runPage({ run: record, lines, isLive: false, waitsFor: undefined, now: START }).body);

describe('the page of a run', () => {
  it('leads from the cause to the line that shows it', async () => {
    expect(causeLine(failed('FATAL: incompatible'), lines)).toBe(1);
    expect(await page(failed('FATAL: incompatible'))).toMatch(/id="L2">.*<span id="cause"[^>]*>db: FATAL: incompatible/);
  });

  it('lists what lint found', async () => {
    const finding = { rule: 'R011', severity: 'error', file: 'compose.smtp.yml', line: 4, remedy: 'y' } as const;
    const lint = step('lint', 'fail', 1, { findings: [{ ...finding, problem: '`sidekiq` has no image' }] });
    expect(await page(ended('passed', { steps: [lint] }))).toContain(
      '<li>R011, error: <code>compose.smtp.yml</code> line 4: <code>sidekiq</code> has no image.</li>',
    );
  });

  it('leads to the sentence when no line shows the cause', async () => {
    const text = await page(failed('something else'));
    expect(text).toContain('<h2 id="cause">Why</h2>');
    expect(text.match(/id="cause"/g)).toHaveLength(1);
  });

  it('shows the sentence with its code, and markup as text', async () => {
    expect(await page(failed('x'))).toContain('<code>db</code> &lt;b&gt;stops&lt;/b&gt;.');
  });

  it('links to a pull request only where that is a web page', async () => {
    const pull = { number: 7, url: 'javascript:alert(1)', baseRef: 'main' };
    expect(await page(ended('passed', { request: request({ pull }) }))).not.toContain('javascript:');
  });

  it('says what the app took of its host', async () => {
    const resources = { memoryBytes: 412_000_000, imageBytes: 900_000_000, startMs: 48_000 };
    expect(await page(ended('passed', { level: 5, resources }))).toContain(
      'Level 5 of 5. It took 412 MB of memory, 900 MB of images and 48 s to start.',
    );
  });

  it('says what a queued run waits for', async () => {
    expect(String(await runFacts(run(), 'It waits for a runner.', undefined, START))).toContain('<p>It waits for a runner.</p>');
  });
});
