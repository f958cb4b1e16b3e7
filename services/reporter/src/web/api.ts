import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { enrolledAs } from '@cc-ci/shared/runs/enrolled';
import { RunCursor, type RunStore } from '@cc-ci/shared/runs/store';
import { HttpRefusal } from '@cc-ci/shared/service/http-refusal';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isPrivate } from './access.ts';
import { RunSummary, summaryOf } from './run-summary.ts';

export interface ApiParts {
  readonly runs: Pick<RunStore, 'page'>;
  readonly enrolled: () => Promise<readonly Enrolled[]>;
  /** Whether those who ask may see what is private on the forge too. */
  readonly showsPrivate: boolean;
  readonly publicUrl: string;
}

const MOST_AT_ONCE = 100;
/** Runs that are looked at for one answer: a filter that fits few is gone on with by its cursor. */
const MOST_LOOKED_AT = 500;

/** What `GET /api/runs` is asked with. */
export const RunsQuery = z.strictObject({
  repository: z
    .string()
    .regex(/^[^/\s]+\/[^/\s]+$/, 'expected owner/name')
    .optional()
    .describe('Only of this recipe, as owner/name'),
  pr: z.coerce.number().int().positive().optional().describe('Only of this pull request of the repository'),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,40}$/, 'expected a commit id, or its first 7 digits or more')
    .optional()
    .describe('Only of this commit'),
  after: RunCursor.optional().describe('The `next` of the page before'),
  count: z.coerce.number().int().min(1).max(MOST_AT_ONCE).default(20),
});
type RunsQuery = z.infer<typeof RunsQuery>;

/** What `GET /api/runs` answers. */
export const RunsAnswer = z.object({
  runs: z.array(RunSummary).describe('The newest first'),
  next: RunCursor.nullable().describe('Give it back as `after` for the page after this one; null: there is none'),
});

/** Serves lists of runs and recipes to tools. */
export function serveApi(app: FastifyInstance, { runs, enrolled, showsPrivate, publicUrl }: ApiParts): void {
  app.get('/api/runs', async (request) => {
    const query = understood(request.query);
    const recipes = await enrolled();
    const repo = query.repository === undefined ? undefined : repoOf(query.repository, recipes, showsPrivate);
    if (query.pr !== undefined && repo === undefined) throw new HttpRefusal(422, 'pr: name the repository that it is of.');
    const isShown = (run: RunRecord): boolean => (showsPrivate || !isPrivate(run, recipes)) && isAskedFor(run, query);
    const found = await pageOf(runs, repo, query, isShown);
    return { runs: found.runs.map((run) => summaryOf(run, publicUrl)), next: found.next } satisfies z.infer<typeof RunsAnswer>;
  });

  app.get('/api/recipes', async () => {
    const shown = (await enrolled()).filter((each) => showsPrivate || !each.private);
    const recipes = await Promise.all(
      shown.map(async ({ repo, defaultBranch }) => {
        const [last] = (await runs.page(repo.id, undefined, 1)).runs;
        const branch = defaultBranch;
        return {
          repository: `${repo.owner}/${repo.name}`,
          recipe: repo.name,
          branch,
          last: last ? summaryOf(last, publicUrl) : null,
        };
      }),
    );
    return { recipes };
  });
}

function understood(query: unknown): RunsQuery {
  const read = RunsQuery.safeParse(query);
  if (read.success) return read.data;
  throw new HttpRefusal(422, read.error.issues.map(({ path, message }) => `${path.join('.') || 'query'}: ${message}`).join('; '));
}

/** Its id; one that is not there, or not for whoever asks, answers in the same words. Throws HttpRefusal. */
function repoOf(name: string, recipes: readonly Enrolled[], showsPrivate: boolean): number {
  const found = enrolledAs(name, recipes);
  if (!found || (found.private && !showsPrivate)) throw new HttpRefusal(404, `${name} is no recipe that is tested here.`);
  return found.repo.id;
}

function isAskedFor({ request }: RunRecord, { pr, commit }: RunsQuery): boolean {
  return (pr === undefined || request.pull?.number === pr) && (commit === undefined || request.commit.startsWith(commit));
}

/** As many as were asked for, or as were found among those that may be looked at. */
async function pageOf(
  runs: ApiParts['runs'],
  repo: number | undefined,
  { after, count }: RunsQuery,
  isShown: (run: RunRecord) => boolean,
): Promise<{ runs: RunRecord[]; next: RunCursor | null }> {
  const found: RunRecord[] = [];
  let next: RunCursor | null | undefined = after;
  for (let looked = 0; looked < MOST_LOOKED_AT && found.length < count && next !== null; looked += count) {
    const page = await runs.page(repo, next, count - found.length);
    found.push(...page.runs.filter(isShown));
    next = page.next;
  }
  return { runs: found, next: next ?? null };
}
