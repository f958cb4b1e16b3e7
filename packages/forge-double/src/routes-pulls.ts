/** Repositories, pull requests, their commits and the statuses of commits. */
import { z } from 'zod';
import { demandPerson } from './access.ts';
import { branchAnswer, commitAnswer, repositoryAnswer, statusAnswer } from './answers-code.ts';
import { pullAnswer } from './answers-issues.ts';
import { type Answer, type Asked, created, numberOf, ok, pageOf, type Route } from './api.ts';
import { commitFacts, commitOf } from './git.ts';
import { isPull } from './issues.ts';
import { commitsOf } from './pulls.ts';
import { failedInside, notFound } from './refusal.ts';
import { demandAlive, demandRole, visibleRepository } from './repositories.ts';
import type { PullRequest, Repository, World } from './world.ts';

const repo = '/repos/:owner/:repo';

const StatusBody = z.object({
  state: z.string(),
  context: z.string().default('default'),
  description: z.string().default(''),
  target_url: z.string().default(''),
});

export function pullRoutes(world: World): Route[] {
  const reading = { scope: 'read:repository' } as const;
  return [
    {
      method: 'GET',
      path: repo,
      ...reading,
      handle: (asked) => ok(repositoryAnswer(repositoryAsked(world, asked), asked.viewer)),
    },
    { method: 'GET', path: `${repo}/branches/*`, ...reading, handle: (asked) => readBranch(world, asked) },
    { method: 'GET', path: `${repo}/pulls/:index`, ...reading, handle: (asked) => readPull(world, asked) },
    { method: 'GET', path: `${repo}/pulls/:index/commits`, ...reading, handle: (asked) => pullCommits(world, asked) },
    { method: 'GET', path: `${repo}/statuses/:sha`, ...reading, handle: (asked) => listStatuses(world, asked) },
    {
      method: 'POST',
      path: `${repo}/statuses/:sha`,
      scope: 'write:repository',
      signedIn: true,
      handle: (asked) => createStatus(world, asked),
    },
  ];
}

function repositoryAsked(world: World, { params, caller }: Asked): Repository {
  return visibleRepository(world, params['owner'] ?? '', params['repo'] ?? '', caller.person);
}

async function readBranch(world: World, asked: Asked): Promise<Answer> {
  const repository = repositoryAsked(world, asked);
  const name = asked.params['*'] ?? '';
  const sha = await commitOf(repository.folder, `refs/heads/${name}`);
  if (!sha) throw notFound();
  return ok(branchAnswer(name, await commitFacts(repository.folder, sha)));
}

/** The pull request of the path; 404 when that number is none. */
export function pullAsked(world: World, asked: Asked): PullRequest {
  const issue = repositoryAsked(world, asked).issues[numberOf(asked.params, 'index') - 1];
  if (!issue || !isPull(issue)) throw notFound();
  return issue;
}

async function readPull(world: World, asked: Asked): Promise<Answer> {
  const pull = pullAsked(world, asked);
  if (world.faults.nullPullRequests > 0) {
    world.faults.nullPullRequests -= 1;
    return ok(null);
  }
  return ok(await pullAnswer(world, pull, asked.viewer));
}

async function pullCommits(world: World, asked: Asked): Promise<Answer> {
  const pull = pullAsked(world, asked);
  const { items, headers } = pageOf(world, asked.query, await commitsOf(pull));
  return { status: 200, headers, body: items.map((commit) => commitAnswer(commit, pull.repository, asked.viewer)) };
}

/** Every row, newest first. */
async function listStatuses(world: World, asked: Asked): Promise<Answer> {
  const repository = repositoryAsked(world, asked);
  const sha = await commitOf(repository.folder, asked.params['sha'] ?? '');
  if (!sha) throw notFound();
  const rows = repository.statuses.filter((one) => one.sha === sha).reverse();
  const { items, headers } = pageOf(world, asked.query, rows);
  return { status: 200, headers, body: items.map((one) => statusAnswer(one, repository, asked.viewer)) };
}

/** Adds a row; a commit that is not in this very repository is a 500, as on Gitea. */
async function createStatus(world: World, asked: Asked): Promise<Answer> {
  const repository = repositoryAsked(world, asked);
  const creator = demandPerson(asked.caller);
  demandRole(repository, creator, 'write');
  demandAlive(repository);
  const { state, context, description, target_url } = StatusBody.parse(asked.body);
  const sha = await commitOf(repository.folder, asked.params['sha'] ?? '');
  if (!sha) throw failedInside();
  const id = repository.statuses.filter((one) => one.sha === sha).length + 1;
  const status = { id, sha, state, context, description, targetUrl: target_url, creator, createdAt: world.now() };
  repository.statuses.push(status);
  world.events.emit('change');
  return created(statusAnswer(status, repository, asked.viewer));
}
