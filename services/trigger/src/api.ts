import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ForgeError } from '@cc-ci/forge/errors';
import type { ForgeReader } from '@cc-ci/forge/forge';
import type { Enrolled } from '@cc-ci/shared/contract/enrolled';
import { pullSubject, Sha } from '@cc-ci/shared/contract/ids';
import type { RunJob } from '@cc-ci/shared/contract/queues';
import type { RunRecord, RunRequest } from '@cc-ci/shared/contract/run';
import { enrolledAs } from '@cc-ci/shared/runs/enrolled';
import type { RunStore } from '@cc-ci/shared/runs/store';
import { HttpRefusal } from '@cc-ci/shared/service/http-refusal';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { admit } from './admit.ts';
import { ApiRequest, flagsAsked } from './api-request.ts';
import { type ApiToken, requireToken } from './api-tokens.ts';
import { openApiOf } from './open-api.ts';

export interface ApiParts {
  readonly tokens: () => Promise<readonly ApiToken[]>;
  readonly enrolled: () => Promise<readonly Enrolled[]>;
  readonly forge: Pick<ForgeReader, 'pullRequest' | 'pullCommits' | 'branchHead'>;
  readonly runs: Pick<RunStore, 'create' | 'ofSubject'>;
  readonly enqueue: (job: RunJob) => Promise<void>;
  /** Where people look at runs. */
  readonly publicUrl: string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Whoever repeats a request gives it the same key, and gets the same run. */
const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'expected 1 to 128 characters without blanks');

/** Serves `POST /api/runs`: a run as a comment would ask for it, for those that have a token. */
export async function serveApi(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { tokens, runs, enqueue, now, publicUrl } = parts;

  app.get('/api/openapi.json', async () => openApiOf(publicUrl));

  app.post('/api/runs', async (request, reply) => {
    const token = requireToken(request.headers.authorization, await tokens(), 'runs');
    const asked = understood(ApiRequest, { ...asObject(request.query), ...asObject(request.body) });
    const key = understood(IdempotencyKey.optional(), request.headers['idempotency-key']) ?? randomUUID();
    const wanted = await requestOf(asked, `${token.name}/${key}`, parts).catch(refused);
    const same = await runningTheSame(wanted, runs);
    if (same) return reply.status(200).send(shown(same, publicUrl));
    const { run, created } = await admit({ runs, enqueue, now }, wanted, async () => undefined);
    if (!isSame(run.request, wanted))
      throw new HttpRefusal(422, `The key ${key} was used before, for another run: ${run.id}. Use a new key for a new request.`);
    return reply.status(created ? 202 : 200).send(shown(run, publicUrl));
  });
}

/** The request as it is recorded. Throws HttpRefusal where it is for nothing that may be tested. */
async function requestOf(asked: ApiRequest, key: string, { enrolled, forge }: ApiParts): Promise<RunRequest> {
  const found = enrolledAs(asked.repository, await enrolled());
  if (!found)
    throw new HttpRefusal(
      422,
      `${asked.repository} is not enrolled here, or not on the list yet. See the section enrol of the settings.`,
    );
  const { repo, cloneUrl, defaultBranch } = found;
  const common = { origin: { kind: 'api', key }, repo, cloneUrl, recipe: repo.name, flags: flagsAsked(asked), by: null } as const;
  if (asked.pull === undefined) {
    const head = Sha.safeParse(await forge.branchHead(repo, defaultBranch));
    if (!head.success)
      throw new HttpRefusal(422, `The branch ${defaultBranch} of ${asked.repository} has no commit that can be tested.`);
    return { ...common, pull: null, commit: head.data, chosen: 'default-branch', branch: defaultBranch };
  }
  const pull = await forge.pullRequest(repo, asked.pull);
  if (pull.state !== 'open') throw new HttpRefusal(422, `Pull request ${asked.pull} of ${asked.repository} is not open.`);
  // A stranger may push to a fork between the question and its answer.
  if (asked.commit === undefined && pull.head.repository?.id !== repo.id)
    throw new HttpRefusal(
      422,
      `Pull request ${asked.pull} comes from a fork: name its commit in full. Its head is ${pull.head.sha}.`,
    );
  const commit = asked.commit ?? Sha.parse(pull.head.sha);
  if (commit !== pull.head.sha && !(await forge.pullCommits(repo, asked.pull)).includes(commit))
    throw new HttpRefusal(422, `${commit} is no commit of pull request ${asked.pull}. Its head is ${pull.head.sha}.`);
  return { ...common, pull: { number: pull.number, url: pull.htmlUrl, baseRef: pull.base.ref }, commit, chosen: 'named' };
}

/** What the forge does not show, or does not answer, as whoever asked has to hear it. */
function refused(error: unknown): never {
  if (!(error instanceof ForgeError)) throw error;
  if (error.retry === 'later')
    throw new HttpRefusal(503, 'The forge does not answer at the moment; ask again.', { cause: error });
  throw new HttpRefusal(422, error.message, { cause: error });
}

/** A run of the same commit with the same flags that waits or runs: a second one would say nothing new. */
async function runningTheSame(wanted: RunRequest, runs: ApiParts['runs']): Promise<RunRecord | undefined> {
  if (!wanted.pull) return undefined;
  const others = await runs.ofSubject(pullSubject(wanted.repo.id, wanted.pull.number));
  return others.find((run) => run.state !== 'ended' && run.wish === null && isSame(run.request, wanted));
}

function isSame(a: RunRequest, b: RunRequest): boolean {
  const facts = ({ repo, pull, commit, flags }: RunRequest) => ({ repo: repo.id, pull: pull?.number, commit, flags });
  return isDeepStrictEqual(facts(a), facts(b));
}

function shown({ id, state, verdict }: RunRecord, publicUrl: string) {
  const url = `${publicUrl.replace(/\/+$/, '')}/runs/${id}`;
  return { id, state, verdict, url, results: `${url}/results.json` };
}

function understood<Value>(schema: z.ZodType<Value>, given: unknown): Value {
  const read = schema.safeParse(given);
  if (!read.success) throw new HttpRefusal(422, z.prettifyError(read.error));
  return read.data;
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
