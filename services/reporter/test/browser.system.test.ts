import { join } from 'node:path';
import { bringChromium } from '@cc-ci/machine/chromium';
import { cacheFolder } from '@cc-ci/machine/config';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { putEnrolled } from '@cc-ci/shared/runs/enrolled';
import { beat } from '@cc-ci/shared/runs/heartbeats';
import { appendLog } from '@cc-ci/shared/runs/log-stream';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reporter } from '../src/service.ts';
import { COMMIT, request } from './samples.ts';
import { ADMIN_TOKEN, claimed, cleaned, openStand, passing, planned, type Stand } from './stand.ts';

/** Where pictures of the pages go, for whoever wants to look at them. */
const pictures = join(cacheFolder(), 'pictures');
const PHONE = { width: 360, height: 740 };
/** Downloading and unpacking Chromium, once. Milliseconds. */
const BRING_MS = 300_000;

let stand: Stand;
let reporter: Reporter;
let browser: Browser;
let red: RunRecord;
beforeAll(async () => {
  const { executable, environment } = await bringChromium((step) => process.stderr.write(`chromium: ${step}\n`));
  browser = await chromium.launch({ executablePath: executable, env: environment, args: ['--no-sandbox'] });
  stand = await openStand();
  reporter = await stand.reporter();
  red = await redRun();
}, BRING_MS);
afterAll(async () => {
  await browser?.close();
  await stand?.[Symbol.asyncDispose]();
});

/** A run that failed, with its recipe on the list, and a runner that works. */
async function redRun(): Promise<RunRecord> {
  const { redis, instance, runs, intakes } = stand;
  const asked = await stand.ask();
  const { repo, cloneUrl } = asked.request;
  await putEnrolled(redis, instance, [{ v: 1, repo, cloneUrl, defaultBranch: 'main', private: false, seenAt: 0 }]);
  const beating = { v: 1, service: 'runner', id: 'ci-1-1', host: 'ci-1', startedAt: Date.now(), settingsHash: '' } as const;
  await beat(redis, instance, { ...beating, at: Date.now(), capacity: 2, running: [], draining: false });
  const lines = ['Deploying.', 'FATAL: database files are incompatible with server', 'The end.'];
  await appendLog(
    redis,
    instance,
    asked.id,
    lines.map((text) => ({ attempt: 1, from: 'upgrade', text })),
  );
  const sentence = '`db` does not start on the data of the version before.';
  const evidence = [{ source: 'db', text: 'FATAL: database files are incompatible with server' }];
  const cause = {
    fault: 'app' as const,
    tier: 'upgrade' as const,
    sentence,
    evidence,
    remedy: 'Stay on 14; push, then ask again.',
  };
  const [claim, plan, begin, installed, upgrading] = passing(Date.now());
  const broken = {
    kind: 'step-ended',
    tier: 'upgrade',
    at: Date.now() + 90_000,
    state: 'fail',
    reason: 'it does not start',
    note: null,
  } as const;
  const failing = { kind: 'ended', verdict: 'failed', cause, at: Date.now() + 90_000 } as const;
  const told = [claim, plan, begin, installed, upgrading].filter((event) => event !== undefined);
  const run = await stand.tell(asked, ...told, broken, failing, cleaned());
  const branch = await runs.create(
    request({ repo, pull: null, branch: 'main', origin: { kind: 'sweep', sweep: 'one' } }),
    Date.now(),
  );
  await stand.tell(branch.run, ...passing(Date.now()), cleaned());
  const outsider = { about: 'outsider', organisation: 'coop', commit: COMMIT, visibility: 'all' } as const;
  const comment = { v: 1, repo, commentId: 901, updatedAt: 1, pull: 41, author: 'eve', seenAt: Date.now() } as const;
  await intakes.record({ ...comment, outcome: { kind: 'reply', reply: outsider } });
  return run;
}

/** A page in a browser of its own, closed when it goes out of sight. */
async function open(url: string, options: BrowserContextOptions = {}): Promise<Page & AsyncDisposable> {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, ...options });
  const page = await context.newPage();
  await page.goto(url);
  return Object.assign(page, { [Symbol.asyncDispose]: () => context.close() });
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** What axe holds against a page, each rule with the elements. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

const pages = () => ['/', '/queue', '/requests', '/recipes/coop/hedgedoc', `/runs/${red.id}`, '/runs/000000', '/sign-in'];

describe('the dashboard in a browser', () => {
  it.each(['light', 'dark'] as const)('has nothing that axe holds against it, %s', async (colorScheme) => {
    const found: string[] = [];
    for (const path of pages()) {
      await using page = await open(reporter.url + path, { colorScheme });
      found.push(...(await faultsOf(page)).map((fault) => `${path} ${fault}`));
      await picture(page, `${path.replaceAll(/\W+/g, '-').replace(red.id, 'red')}-${colorScheme}`);
    }
    expect(found).toEqual([]);
  });

  it('fits on a phone: only tables scroll, by themselves', async () => {
    for (const path of pages()) {
      await using page = await open(reporter.url + path, { viewport: PHONE });
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect([path, width]).toEqual([path, PHONE.width]);
    }
  });

  it('leads by the keyboard alone from the first page to the line that shows why a run failed', async () => {
    await using page = await open(reporter.url);
    const focused = () => page.evaluate<string>("document.activeElement?.getAttribute('href') ?? ''");
    for (let presses = 0; (await focused()) !== `/runs/${red.id}`; presses += 1) {
      expect(presses).toBeLessThan(40);
      await page.keyboard.press('Tab');
      const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
      expect(outline).not.toBe('none');
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/runs/${red.id}`);
    expect(await page.locator('h1').textContent()).toContain('Failed at upgrade');
    await page.goto(`${reporter.url}/runs/${red.id}#cause`);
    expect(await page.locator('#cause').textContent()).toContain('database files are incompatible');
  });

  it('says the same without scripts', async () => {
    await using page = await open(`${reporter.url}/runs/${red.id}`, { javaScriptEnabled: false });
    expect(await page.locator('h1').textContent()).toContain('Failed at upgrade');
    expect(await page.locator('ol.log li').count()).toBe(3);
  });
});

describe('a run that goes on, in a browser', () => {
  it('is followed line by line to its end, without loading the page again', async () => {
    const run = await stand.ask();
    await stand.tell(run, claimed(Date.now()), planned);
    await using page = await open(`${reporter.url}/runs/${run.id}`);
    await page.evaluate('window.stayed = true');
    const line = { attempt: 1, from: 'install', text: '<b>bold</b> is what it says' };
    await appendLog(stand.redis, stand.instance, run.id, [line]);
    await page.getByText('<b>bold</b> is what it says').waitFor();
    const [, , ...rest] = passing(Date.now());
    await stand.tell(run, ...rest, cleaned());
    await page.getByText('Left behind: nothing').waitFor();
    expect(await page.locator('h1').textContent()).toContain('Passed');
    expect(await page.evaluate<boolean>("'stayed' in window")).toBe(true);
  });

  it('is followed by two at once, and on after the connection was lost: no line twice, none missing (case 61)', async () => {
    const run = await stand.ask();
    await stand.tell(run, claimed(Date.now()), planned);
    await using one = await open(`${reporter.url}/runs/${run.id}`);
    await using other = await open(`${reporter.url}/runs/${run.id}`);
    const say = (text: string) => appendLog(stand.redis, stand.instance, run.id, [{ attempt: 1, from: 'install', text }]);
    await say('first');
    for (const page of [one, other]) await page.getByText('first').waitFor();
    await one.context().setOffline(true);
    await say('second');
    await other.getByText('second').waitFor();
    await one.context().setOffline(false);
    await one.reload();
    await say('third');
    for (const page of [one, other]) {
      await page.getByText('third').waitFor();
      const texts = await page.locator('ol.log li span:last-child').allTextContents();
      expect(texts).toEqual(['first', 'second', 'third']);
    }
  });
});

describe('an operator in a browser', () => {
  it('signs in by the form, and sees the queues', async () => {
    await using page = await open(`${reporter.adminUrl}/queues`);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('That is not the token.');
    await page.getByLabel('Token').fill(ADMIN_TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('cc-ci queues').first().waitFor();
  });
});
