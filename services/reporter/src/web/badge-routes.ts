import { createHash } from 'node:crypto';
import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import type { RunStore } from '@cc-ci/shared/runs/store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { badgeOf, badgeSvg } from './badge.ts';
import type { Html } from './layout.ts';
import { publishedRun } from './published.ts';

export interface BadgeParts {
  readonly runs: Pick<RunStore, 'page'>;
  readonly enrolled: () => Promise<readonly Enrolled[]>;
}

/** READMEs are read more often than a recipe is tested. Seconds. */
const BADGE_AGE = 300;
/** Among these the last run of the default branch is looked for. */
const RUNS_LOOKED_AT = 50;

const Params = z.object({ owner: z.string().optional(), recipe: z.string() });

/** Serves badges to everybody: of a private recipe, the one of a recipe that nobody knows. */
export function serveBadges(app: FastifyInstance, { runs, enrolled }: BadgeParts): void {
  const badge = async (request: FastifyRequest, reply: FastifyReply) => {
    const { owner, recipe } = Params.parse(request.params);
    const found = (await enrolled()).find(
      ({ repo, private: isHidden }) => !isHidden && repo.name === recipe && (owner === undefined || repo.owner === owner),
    );
    const run = found && publishedRun((await runs.page(found.repo.id, undefined, RUNS_LOOKED_AT)).runs, found);
    return sendBadge(request, reply, badgeSvg(badgeOf(run), recipe));
  };
  app.get('/badge/:recipe(^[\\w.-]+).svg', badge);
  app.get('/badge/:owner/:recipe(^[\\w.-]+).svg', badge);
}

/** Answers with a picture, or that the one that is known is still true. */
async function sendBadge(request: FastifyRequest, reply: FastifyReply, picture: Html): Promise<FastifyReply> {
  const text = String(await picture);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  reply.header('cache-control', `public, max-age=${BADGE_AGE}`).header('etag', etag).header('x-content-type-options', 'nosniff');
  if (request.headers['if-none-match'] === etag) return reply.status(304).send();
  return reply.header('content-security-policy', "default-src 'none'").type('image/svg+xml; charset=utf-8').send(text);
}
