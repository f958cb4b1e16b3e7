import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { TestResult } from '@cc-ci/shared/contract/run';
import { DOMParser, type Element } from '@xmldom/xmldom';

/** A report that is not JUnit's. */
export class ReportUnreadable extends Error {
  override readonly name = 'ReportUnreadable';
}

/** Reports of thousands of tests have less. Bytes. */
const LARGEST_REPORT = 20_000_000;

/** The text of a report where tests were to write it; undefined where there is none, or something that no report is, such as a link. */
export async function readReport(path: string): Promise<string | undefined> {
  // Whatever stands there was put there by tests: a pipe must not hold us, a link must not lead us.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
  try {
    const facts = await file?.stat();
    return facts?.isFile() && facts.size <= LARGEST_REPORT ? await file?.readFile('utf8') : undefined;
  } finally {
    await file?.close();
  }
}

/** Reads a JUnit report, as pytest, Vitest and many others write it. Throws ReportUnreadable. */
export function readJunit(xml: string): TestResult[] {
  const document = parse(xml);
  const root = document.documentElement;
  if (root?.localName !== 'testsuites' && root?.localName !== 'testsuite')
    throw new ReportUnreadable(`A test report begins with <${root?.localName ?? ''}>, not with <testsuites> or <testsuite>.`);
  return Array.from(root.getElementsByTagName('testcase'), testCase);
}

function parse(xml: string) {
  try {
    return new DOMParser({ onError: (level, message) => onTrouble(level, message) }).parseFromString(xml, 'text/xml');
  } catch (cause) {
    throw new ReportUnreadable('A test report is no XML.', { cause });
  }
}

function onTrouble(level: 'warning' | 'error' | 'fatalError', message: string): void {
  if (level !== 'warning') throw new ReportUnreadable(message);
}

function testCase(element: Element): TestResult {
  const group = element.getAttribute('classname') ?? '';
  const name = element.getAttribute('name') ?? '';
  const children = Array.from(element.childNodes).filter((node): node is Element => node.nodeType === node.ELEMENT_NODE);
  const failure = children.find(({ localName }) => localName === 'failure' || localName === 'error');
  const skipped = children.find(({ localName }) => localName === 'skipped');
  const said = failure ?? skipped;
  return {
    name: [group, name].filter((part) => part !== '').join(' › '),
    state: failure ? 'fail' : skipped ? 'skip' : 'pass',
    said: said?.getAttribute('message') || said?.textContent?.trim() || '',
  };
}
