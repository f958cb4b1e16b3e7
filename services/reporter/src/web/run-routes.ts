import { RunId } from '@cc-ci/shared/contract/ids';
import { Results } from '@cc-ci/shared/contract/results';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { isSettled } from '@cc-ci/shared/runs/next';
import { resultsOf } from '@cc-ci/shared/runs/results';
import { counted } from '@cc-ci/shared/service/counted';
import { HttpRefusal } from '@cc-ci/shared/service/http-refusal';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html } from 'hono/html';
import { z } from 'zod';
import { waitingOf } from '../queue-place.ts';
import { clock } from '../render/duration.ts';
import { sendPage } from './layout.ts';
import { follow, type LiveEvent, type LiveSource } from './live-log.ts';
import { runFacts, runPage } from './run-page.ts';

export interface RunSource extends LiveSource {
  /** Runs that are not settled, in any order. */
  readonly open: () => Promise<RunRecord[]>;
  /** @param now Unix milliseconds */
  readonly runnersUp: (now: number) => Promise<number>;
}

const Query = z.object({
  after: z
    .string()
    .regex(/^\d+(?:-\d+)?$/)
    .default('0'),
});

/** Of the log as text: only what was said in this step, or by this service. */
const TextQuery = z.object({ from: z.string().optional().catch(undefined) });

const NO_RUN = 'There is no such run. Its record may have been dropped with age.';

/** What `results.json` holds, for tools that check it. */
const resultsSchema = z.toJSONSchema(Results);

/** The page of a run, its log as text or as a stream of events, its results for tools, and its record as JSON. */
export function serveRuns(app: FastifyInstance, source: RunSource): void {
  app.get('/runs/:id', async (request, reply) => {
    const run = await runOf(request, source);
    if (!run) return sendNotFound(reply);
    const lines = await source.linesAfter(run.id, '0');
    const now = Date.now();
    return sendPage(reply, runPage({ run, lines, isLive: !isSettled(run), waitsFor: await waitsFor(run, source, now), now }));
  });

  app.get('/runs/:id/log', { sse: 'dual' }, async (request, reply) => {
    const run = await runOf(request, source);
    if (!run) return sendNotFound(reply);
    if (isStream(reply)) return stream(run.id, request, reply, source);
    const { from } = TextQuery.parse(request.query);
    const lines = (await source.linesAfter(run.id, '0')).filter((line) => from === undefined || line.from === from);
    return reply
      .type('text/plain; charset=utf-8')
      .header('x-content-type-options', 'nosniff')
      .send(lines.map((line) => `${line.from}: ${line.text}\n`).join(''));
  });

  app.get('/runs/:id/results.json', async (request) => {
    const run = await runOf(request, source);
    if (!run) throw new HttpRefusal(404, NO_RUN);
    const results = resultsOf(run);
    if (!results) throw new HttpRefusal(404, 'The run goes on: its results come when it has ended.');
    return results;
  });

  app.get('/api/results.schema.json', () => resultsSchema);

  app.get('/api/runs/:id', async (request) => {
    const run = await runOf(request, source);
    if (!run) throw new HttpRefusal(404, NO_RUN);
    return run;
  });
}

/** The plugin leaves it out where the client did not ask for a stream. */
function isStream(reply: FastifyReply): boolean {
  return 'sse' in reply && reply.sse !== undefined && reply.sse !== null;
}

async function stream(id: RunId, request: FastifyRequest, reply: FastifyReply, source: RunSource): Promise<void> {
  const gone = new AbortController();
  reply.sse.onClose(() => gone.abort());
  // A browser that comes back says itself where it was; its address is older.
  const { after } = Query.parse(reply.sse.lastEventId ? { after: reply.sse.lastEventId } : request.query);
  for await (const event of follow(id, after, source, gone.signal)) {
    if (gone.signal.aborted) return;
    await reply.sse.send(await asMessage(event, source));
  }
}

async function asMessage(event: LiveEvent, source: RunSource) {
  switch (event.event) {
    case 'line':
      return event;
    case 'changed': {
      const now = Date.now();
      const facts = await runFacts(event.run, await waitsFor(event.run, source, now), undefined, now);
      return { event: 'facts', data: String(facts) };
    }
    case 'end':
      return { event: 'end', data: '' };
  }
}

async function runOf(request: FastifyRequest, source: RunSource): Promise<RunRecord | undefined> {
  const id = z.object({ id: RunId }).safeParse(request.params);
  return id.success ? source.read(id.data.id) : undefined;
}

async function waitsFor(run: RunRecord, source: RunSource, now: number): Promise<string | undefined> {
  if (run.state !== 'queued') return undefined;
  if ((await source.runnersUp(now)) === 0) return `It waits for a runner, and none is up. Waiting since ${clock(run.createdAt)}.`;
  const { before } = waitingOf(run, await source.open(), 1, () => undefined);
  if (before.length === 0) return 'It starts as soon as a runner takes it.';
  return `It waits for ${counted(before.length, 'runs')} before it.`;
}

function sendNotFound(reply: FastifyReply): Promise<FastifyReply> {
  return sendPage(reply, {
    title: 'No such run',
    status: 404,
    body: html`<h1>There is no such run</h1><p>Its record may have been dropped with age. The <a href="/">first page</a> has the newest ones.</p>`,
  });
}
