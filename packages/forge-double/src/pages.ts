/** The double's own pages: what a browser shows of a repository and a pull request, and a box to comment in. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { html, raw } from 'hono/html';
import { z } from 'zod';
import { addComment, isPull } from './issues.ts';
import { renderMarkdown } from './markdown.ts';
import {
  commentForm,
  entryBox,
  type Html,
  issuePath,
  page,
  repositoryBox,
  repositoryPath,
  stateMark,
  statusList,
} from './page-parts.ts';
import { person } from './people.ts';
import { headOf } from './pulls.ts';
import { findRepository, fullName } from './repositories.ts';
import type { Issue, Repository, World } from './world.ts';

const Place = z.object({ owner: z.string(), repo: z.string() });
const Numbered = Place.extend({ index: z.coerce.number().int().positive() });
const Form = z.object({ body: z.string().min(1), as: z.string() });

/** No script runs here, whatever a comment holds, and forms go nowhere else. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src http: https:; form-action 'self'; frame-ancestors 'none'";

/** Adds the index, a page per repository, issue and pull request, and the form's target. */
export async function mountPages(app: FastifyInstance, world: World): Promise<void> {
  app.get('/', async (_request, reply) => await show(reply, 'Forge double', indexPage(world)));

  app.get('/:owner/:repo', async (request, reply) => {
    const { owner, repo } = Place.parse(request.params);
    const repository = findRepository(world, owner, repo);
    if (!repository) return await missing(reply);
    return await show(reply, fullName(repository), repositoryPage(repository, `http://${request.host}`));
  });

  for (const kind of ['pulls', 'issues']) {
    app.get(`/:owner/:repo/${kind}/:index`, async (request, reply) => {
      const issue = issueAsked(world, request);
      if (!issue) return await missing(reply);
      return await show(reply, `${issue.title} #${issue.number}`, await issuePage(world, issue));
    });
    app.post(`/:owner/:repo/${kind}/:index/comments`, async (request, reply) => await comment(world, request, reply));
  }
}

async function show(reply: FastifyReply, title: string, content: Html): Promise<FastifyReply> {
  const whole = await page(title, content);
  return await reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(whole.toString());
}

async function missing(reply: FastifyReply): Promise<FastifyReply> {
  reply.code(404);
  return await show(reply, 'Not here', html`<h1>There is nothing here</h1><p><a href="/">All repositories</a></p>`);
}

function indexPage(world: World): Html {
  const repositories = [...world.repositories.values()].filter((one) => one.parent === undefined);
  return html`<h1>Repositories</h1>${repositories.map(repositoryBox)}`;
}

function repositoryPage(repository: Repository, origin: string): Html {
  return html`<p><a href="/">All repositories</a></p>
    <h1>${fullName(repository)}</h1>
    <pre>git clone ${origin}${repositoryPath(repository)}.git</pre>
    ${repositoryBox(repository)}`;
}

function issueAsked(world: World, request: FastifyRequest): Issue | undefined {
  const place = Numbered.safeParse(request.params);
  if (!place.success) return undefined;
  const { owner, repo, index } = place.data;
  return findRepository(world, owner, repo)?.issues[index - 1];
}

async function issuePage(world: World, issue: Issue): Promise<Html> {
  return html`<p><a href="/">All repositories</a> › <a href="${repositoryPath(issue.repository)}">${fullName(issue.repository)}</a></p>
    <h1>${issue.title} <small>#${issue.number}</small></h1>
    <p>${stateMark(issue)} by ${issue.author.login}</p>
    ${await pullFacts(world, issue)}
    ${issue.body === '' ? '' : html`<article class="box"><div>${raw(renderMarkdown(issue.body))}</div></article>`}
    ${issue.timeline.map(entryBox)} ${world.speakers ? commentForm(issue, world.speakers) : ''}`;
}

async function pullFacts(world: World, issue: Issue): Promise<Html> {
  if (!isPull(issue)) return html``;
  const sha = await headOf(world, issue);
  const statuses = issue.repository.statuses.filter((status) => status.sha === sha);
  const { base, head } = issue.pull;
  return html`<p><code>${fullName(head.repository)}:${head.branch}</code> into <code>${base}</code>, head <code>${sha}</code></p>
    ${statusList(statuses)}`;
}

/** Only for the two speakers of the box, and only from this page. */
async function comment(world: World, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const issue = issueAsked(world, request);
  const form = Form.safeParse(request.body);
  if (!issue || !form.success || !world.speakers) return await missing(reply);
  const fromElsewhere = !['same-origin', 'none', undefined].includes(request.headers['sec-fetch-site']?.toString());
  const { as, body } = form.data;
  if (fromElsewhere || !Object.values(world.speakers).includes(as))
    return await reply.code(403).send('Only from the page itself.');
  const { id } = addComment(world, issue, person(world, as), body);
  return await reply.redirect(`${issuePath(issue)}#issuecomment-${id}`, 303);
}
