import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import { RunCursor, type RunStore } from '@cc-ci/shared/runs/store';
import type { FastifyInstance } from 'fastify';
import { html } from 'hono/html';
import { z } from 'zod';
import { sendPage } from './layout.ts';
import { recipePage } from './recipe-page.ts';

export interface RecipeParts {
  readonly runs: Pick<RunStore, 'page'>;
  readonly enrolled: () => Promise<readonly Enrolled[]>;
}

/** What fits on a page that people scroll through. */
const RUNS_SHOWN = 50;
/** Of which its history is drawn, and the last run of its default branch found. */
const RUNS_LOOKED_AT = 60;

/** A repository as its address names it. */
export const RecipeParams = z.object({ owner: z.string(), recipe: z.string() });
const Query = z.object({ after: RunCursor.optional().catch(undefined) });

/** The page of each recipe. Who may see it was decided before. */
export function serveRecipes(app: FastifyInstance, { runs, enrolled }: RecipeParts): void {
  app.get('/recipes/:owner/:recipe', async (request, reply) => {
    const found = recipeOf(RecipeParams.parse(request.params), await enrolled());
    if (!found) return sendPage(reply, unknownRecipe());
    const { after } = Query.parse(request.query);
    const [newest, page] = await Promise.all([
      runs.page(found.repo.id, undefined, RUNS_LOOKED_AT),
      runs.page(found.repo.id, after, RUNS_SHOWN),
    ]);
    return sendPage(
      reply,
      recipePage({ recipe: found, recent: newest.runs, shown: page.runs, next: page.next, now: Date.now() }),
    );
  });
}

/** The recipe that an address names; undefined where it names none that is watched. */
export function recipeOf(asked: z.infer<typeof RecipeParams>, enrolled: readonly Enrolled[]): Enrolled | undefined {
  return enrolled.find(({ repo }) => repo.owner === asked.owner && repo.name === asked.recipe);
}

function unknownRecipe() {
  return {
    title: 'No such recipe',
    status: 404,
    body: html`<h1>No recipe of this name is tested here</h1><p>The <a href="/">first page</a> has those that are.</p>`,
  };
}
