import { pullSubject } from '@cc-ci/shared/contract/ids';
import { putEnrolled } from '@cc-ci/shared/runs/enrolled';
import { keysOf } from '@cc-ci/shared/runs/keys';
import { appendLog } from '@cc-ci/shared/runs/log-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reporter } from '../src/service.ts';
import { ended, MINUTE, request, START, step } from './samples.ts';
import { openStand, type Stand } from './stand.ts';

/** Some years of a busy cc-ci whose operator keeps everything. */
const RUNS = 50_000;
const RECIPES = 100;
const BATCH = 1_000;
/** A run that has said as much as is kept. */
const TALKATIVE = '00c34f';
const LINES = 20_000;
/** DESIGN: every page within this, on the server. Milliseconds. */
const PAGE_LIMIT_MS = 300;
const TRIES = 20;
/** Without pictures. */
const PAGE_LIMIT_BYTES = 60_000;

let stand: Stand;
let reporter: Reporter;
beforeAll(async () => {
  stand = await openStand();
  await seed(stand);
  reporter = await stand.reporter();
}, 120_000);
afterAll(async () => {
  const { redis, instance } = stand;
  for await (const keys of redis.scanStream({ match: `${keysOf(instance).queuePrefix}*`, count: 5_000 }))
    if (keys.length > 0) await redis.unlink(keys);
  await stand[Symbol.asyncDispose]();
});

const repoOf = (recipe: number) => ({ id: 1_000 + recipe, owner: 'coop', name: `recipe-${recipe}` });

/** Writes finished runs as services would have, without telling anybody. */
async function seed({ redis, instance }: Stand): Promise<void> {
  const keys = keysOf(instance);
  for (let from = 0; from < RUNS; from += BATCH) {
    const pipeline = redis.pipeline();
    for (let number = from; number < from + BATCH; number += 1) {
      const id = number.toString(16).padStart(6, '0');
      const at = START + number * MINUTE;
      const repo = repoOf(number % RECIPES);
      const steps = [step('install', 'pass', 48), step('upgrade', 'pass', 52), step('custom', 'pass', 20)];
      const asked =
        number % 3 === 0
          ? request({ repo, recipe: repo.name, pull: null, branch: 'main' })
          : request({ repo, recipe: repo.name });
      const record = ended('passed', {
        id,
        instance,
        createdAt: at,
        endedAt: at + MINUTE,
        level: number % 6,
        steps,
        request: asked,
      });
      pipeline.hset(keys.run(id), 'rev', '0', 'body', JSON.stringify(record));
      pipeline
        .zadd(keys.runs, at, id)
        .zadd(keys.runsOfRepo(repo.id), at, id)
        .zadd(keys.runsOf(pullSubject(repo.id, 7)), at, id);
    }
    await pipeline.exec();
  }
  const said = Array.from({ length: LINES }, (_, index) => ({
    attempt: 1,
    from: 'install',
    text: `line ${index} of a talkative app`,
  }));
  await appendLog(redis, instance, TALKATIVE, said);
  const common = {
    v: 1,
    cloneUrl: 'https://git.example.org/coop/x.git',
    defaultBranch: 'main',
    private: false,
    seenAt: 0,
  } as const;
  await putEnrolled(
    redis,
    instance,
    Array.from({ length: RECIPES }, (_, recipe) => ({ ...common, repo: repoOf(recipe) })),
  );
}

describe(`with ${RUNS} finished runs (case 113)`, () => {
  it.each([
    '/',
    '/recipes/coop/recipe-7',
    '/queue',
    '/requests',
    `/runs/${TALKATIVE}`,
    '/api/runs',
    '/api/recipes',
    '/badge/recipe-7.svg',
  ])('%s is small and comes at once', async (path) => {
    let best = Number.POSITIVE_INFINITY;
    // Others work on this machine: what it can do is the best of some tries.
    for (let tries = 0; tries < TRIES && best > PAGE_LIMIT_MS; tries += 1) {
      const began = performance.now();
      const answer = await fetch(reporter.url + path);
      expect(answer.status).toBe(200);
      expect((await answer.text()).length).toBeLessThan(PAGE_LIMIT_BYTES);
      best = Math.min(best, performance.now() - began);
    }
    expect(best).toBeLessThanOrEqual(PAGE_LIMIT_MS);
  });

  it('a recipe’s runs are read to the last, page by page', async () => {
    const seen = new Set<string>();
    let path: string | undefined = '/recipes/coop/recipe-7';
    while (path !== undefined) {
      const page: string = await (await fetch(reporter.url + path)).text();
      for (const [, id = ''] of page.matchAll(/<td><a class="\w+" href="\/runs\/([0-9a-f]{6})">/g)) seen.add(id);
      const next: string | undefined = /<a href="(\?after=[^"]+)" rel="next">/.exec(page)?.[1];
      path = next === undefined ? undefined : `/recipes/coop/recipe-7${next}`;
    }
    expect(seen.size).toBe(RUNS / RECIPES);
  });
});
