import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ReportUnreadable, readJunit, readReport } from '../src/tests/junit.ts';

/** As pytest 7 writes it. */
const PYTEST = `<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4">
<testcase classname="test_page" name="test_sum[a &amp; b]" time="0.001"><failure message="AssertionError: assert 2 == 3">def test_sum(): ...</failure></testcase>
<testcase classname="test_page.TestIt" name="test_fine" time="0.001"><system-out>hello</system-out></testcase>
<testcase classname="test_page" name="test_away"><skipped type="pytest.skip" message="not here">/tests/test_page.py:3: not here</skipped></testcase>
<testcase classname="" name="test_login"><error message="collection failure">ModuleNotFoundError</error></testcase>
</testsuite></testsuites>`;
/** As Vitest writes it. */
const VITEST = `<testsuites name="vitest tests"><testsuite name="page.test.ts" tests="2">
<testcase classname="page.test.ts" name="page &gt; answers" time="0.01"/>
<testcase classname="page.test.ts" name="page &gt; sings"><failure>Error: no voice
 at page.test.ts:4:9</failure></testcase></testsuite></testsuites>`;

describe('a test report', () => {
  it('of pytest is read', () => {
    expect(readJunit(PYTEST)).toEqual([
      { name: 'test_page › test_sum[a & b]', state: 'fail', said: 'AssertionError: assert 2 == 3' },
      { name: 'test_page.TestIt › test_fine', state: 'pass', said: '' },
      { name: 'test_page › test_away', state: 'skip', said: 'not here' },
      { name: 'test_login', state: 'fail', said: 'collection failure' },
    ]);
  });

  it('of Vitest is read', () => {
    expect(readJunit(VITEST)).toEqual([
      { name: 'page.test.ts › page > answers', state: 'pass', said: '' },
      { name: 'page.test.ts › page > sings', state: 'fail', said: 'Error: no voice\n at page.test.ts:4:9' },
    ]);
  });

  it('may be one suite, and may be empty', () => {
    expect(readJunit('<testsuite><testcase name="a"/></testsuite>')).toEqual([{ name: 'a', state: 'pass', said: '' }]);
    expect(readJunit('<testsuites/>')).toEqual([]);
  });

  it.each([
    ['text', 'all fine'],
    ['cut short', PYTEST.slice(0, 300)],
    ['another kind of XML', '<html><body/></html>'],
    ['empty', ''],
  ])('is refused when it is %s', (_, xml) => {
    expect(() => readJunit(xml)).toThrow(ReportUnreadable);
  });

  it('unfolds no entities of its author', () => {
    const bomb = `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(100)}"><!ENTITY c "&b;&b;&b;">]><testsuite><testcase name="&c;"/></testsuite>`;
    expect(() => readJunit(bomb)).toThrow(ReportUnreadable);
  });

  it('is a file of ordinary size, whatever else stands in its place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ccci-report-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const at = (name: string): string => join(folder, name);
    await writeFile(at('plain'), PYTEST);
    await symlink(at('plain'), at('link'));
    await mkdir(at('folder'));
    await execa('mkfifo', [at('pipe')]);
    await writeFile(at('huge'), '');
    await truncate(at('huge'), 21_000_000);
    expect(await readReport(at('plain'))).toBe(PYTEST);
    for (const name of ['link', 'folder', 'pipe', 'huge', 'absent']) expect(await readReport(at(name))).toBeUndefined();
  });
});
