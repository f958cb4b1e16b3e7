import type { RunRecord } from '@cc-ci/shared/contract/run';
import { putEnrolled } from '@cc-ci/shared/runs/enrolled';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reporter } from '../src/service.ts';
import { request } from './samples.ts';
import { ADMIN_TOKEN, cleaned, openStand, passing, type Stand } from './stand.ts';

let stand: Stand;
let reporter: Reporter;
const known: { public?: RunRecord; private?: RunRecord; branch?: RunRecord } = {};

beforeAll(async () => {
  stand = await openStand();
  const { runs, redis, instance } = stand;
  const pull = await stand.ask();
  const { repo, cloneUrl } = pull.request;
  const hidden = { ...repo, id: 900, name: 'hidden' };
  const ofMain = { repo, pull: null, branch: 'main', chosen: 'default-branch' } as const;
  const branch = await runs.create(request({ ...ofMain, origin: { kind: 'sweep', sweep: 'sweep-1' } }), Date.now());
  const secret = await runs.create(request({ repo: hidden, origin: { kind: 'sweep', sweep: 'sweep-1' } }), Date.now());
  const enrolled = { v: 1, cloneUrl, defaultBranch: 'main', seenAt: 0 } as const;
  await putEnrolled(redis, instance, [
    { ...enrolled, repo, private: false },
    { ...enrolled, repo: hidden, private: true },
  ]);
  known.public = await stand.tell(pull, ...passing(Date.now()), cleaned());
  known.branch = await stand.tell(branch.run, ...passing(Date.now()), cleaned());
  known.private = secret.run;
  reporter = await stand.reporter();
});
afterAll(() => stand[Symbol.asyncDispose]());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(reporter.url + path, { headers, redirect: 'manual' });
const ids = async (path: string): Promise<string[]> => {
  const { runs } = (await (await get(path)).json()) as { runs: { run: string }[] };
  return runs.map(({ run }) => run);
};

describe('the list of runs for tools', () => {
  it('is the verdict about a commit of a pull request, and says nothing of what is private', async () => {
    const answer = await get(`/api/runs?repository=coop/hedgedoc&pr=${known.public?.request.pull?.number}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      runs: [
        {
          run: known.public?.id,
          repository: 'coop/hedgedoc',
          commit: known.public?.request.commit,
          verdict: 'passed',
          level: 2,
          results: `https://ci.example.org/runs/${known.public?.id}/results.json`,
        },
      ],
      next: null,
    });
    expect((await ids('/api/runs')).toSorted()).toEqual([known.public?.id, known.branch?.id].toSorted());
    expect(await ids(`/api/runs?commit=${known.public?.request.commit.slice(0, 8)}`)).toContain(known.public?.id);
    expect(await ids('/api/runs?commit=0000000')).toEqual([]);
  });

  it('is read in pages', async () => {
    const first = (await (await get('/api/runs?repository=coop/hedgedoc&count=1')).json()) as { next: string };
    const all = [
      ...(await ids('/api/runs?repository=coop/hedgedoc&count=1')),
      ...(await ids(`/api/runs?repository=coop/hedgedoc&after=${first.next}`)),
    ];
    expect(all.toSorted()).toEqual([known.public?.id, known.branch?.id].toSorted());
  });

  it.each([
    [
      'a private recipe, as one that there is not',
      '/api/runs?repository=coop/hidden',
      404,
      'coop/hidden is no recipe that is tested here.',
    ],
    ['a recipe that there is not', '/api/runs?repository=coop/nothing', 404, 'coop/nothing is no recipe that is tested here.'],
    ['a pull request of nothing', '/api/runs?pr=7', 422, 'pr: name the repository that it is of.'],
    ['a cursor that is none', '/api/runs?after=x', 422, 'after: expected the cursor that the page before gave'],
    ['a word that is none', '/api/runs?repo=x', 422, 'query: Unrecognized key: "repo"'],
    ['a run that there is not', '/api/runs/000000', 404, 'There is no such run. Its record may have been dropped with age.'],
  ])('refuses %s', async (_, path, status, detail) => {
    const answer = await get(path);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status, detail });
  });

  it('has the recipes, each with its last run, and a description of all this', async () => {
    const { recipes } = (await (await get('/api/recipes')).json()) as { recipes: unknown[] };
    expect(recipes).toMatchObject([{ repository: 'coop/hedgedoc', branch: 'main', last: { verdict: 'passed' } }]);
    const description = await (await get('/api/openapi.json')).json();
    expect(Object.keys((description as { paths: object }).paths)).toContain('/api/runs');
  });
});

describe('a badge', () => {
  it('shows the last whole run of the default branch, and a browser keeps it', async () => {
    const answer = await get('/badge/hedgedoc.svg');
    expect(answer.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(await answer.text()).toContain('aria-label="cc-ci, hedgedoc: level 2 of 5"');
    const again = await get('/badge/coop/hedgedoc.svg', { 'if-none-match': answer.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });

  it('of a private recipe is that of one that nobody knows', async () => {
    const [hidden, nothing] = [await get('/badge/coop/hidden.svg'), await get('/badge/coop/nothing.svg')];
    expect((await hidden.text()).replaceAll('hidden', 'X')).toBe((await nothing.text()).replaceAll('nothing', 'X'));
  });
});

describe('the page of a recipe', () => {
  it('has where it stands, its history and its runs', async () => {
    const page = await (await get('/recipes/coop/hedgedoc')).text();
    expect(page).toContain('<h1>hedgedoc</h1>');
    expect(page).toContain('aria-label="Levels, oldest first: 2, 2"');
    expect(page).toContain(`href="/runs/${known.public?.id}"`);
    expect(await (await get('/')).text()).toContain('href="/recipes/coop/hedgedoc"');
  });

  it('is not for everybody where the recipe is private', async () => {
    expect((await get('/recipes/coop/hidden')).status).toBe(401);
    expect((await get('/recipes/coop/hidden', { authorization: `Bearer ${ADMIN_TOKEN}` })).status).toBe(200);
    expect((await get('/recipes/coop/nothing')).status).toBe(404);
  });
});

describe('metrics', () => {
  const metrics = (headers: Record<string, string> = {}) => fetch(`${reporter.adminUrl}/metrics`, { headers });

  it('are for whoever has the token, and give nothing away without it', async () => {
    const refused = await metrics();
    expect(refused.status).toBe(401);
    expect(await refused.text()).not.toContain('cc_ci_');
    const answer = await metrics({ authorization: `Bearer ${ADMIN_TOKEN}` });
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await answer.text();
    expect(text).toContain(
      '# TYPE cc_ci_runs_open gauge\ncc_ci_runs_open{state="queued"} 1\ncc_ci_runs_open{state="running"} 0\n',
    );
    expect(text).toMatch(/^cc_ci_services_up\{service="reporter"\} 1$/m);
    expect(text).toMatch(/^cc_ci_recipes_enrolled 2$/m);
    expect(text).toMatch(/^cc_ci_queue_jobs\{queue="runs",state="waiting"\} 0$/m);
  });
});
