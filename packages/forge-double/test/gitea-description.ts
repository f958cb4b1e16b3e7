/**
 * Holds requests and answers to Gitea's own description. That is weak where it matters (nothing in it is required or nullable, and
 * unknown fields pass), so an overlay says the truth: what may be null, what must be there since cc-ci reads it, and nothing unknown.
 */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { z } from 'zod';

const Reference = z.object({ $ref: z.string() });
const Operation = z.object({
  operationId: z.string(),
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string(), schema: Reference.optional() })).default([]),
  responses: z.record(z.string(), z.looseObject({ $ref: z.string().optional() })),
});
type Operation = z.output<typeof Operation>;
const Definition = z.looseObject({ properties: z.record(z.string(), z.looseObject({})).optional() });
const Description = z.object({
  basePath: z.string(),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  responses: z.record(z.string(), z.looseObject({ schema: z.looseObject({}).optional() })),
  definitions: z.record(z.string(), Definition),
});

/** Pointers and slices of the server, which it writes as `null`. */
const nullable: Record<string, string[]> = {
  Issue: ['user', 'milestone', 'assignee', 'assignees', 'closed_at', 'due_date', 'pull_request', 'repository', 'projects'],
  PullRequest: ['milestone', 'assignee', 'merged_at', 'merge_commit_sha', 'merged_by', 'due_date', 'closed_at', 'base', 'head'],
  PullRequestMeta: ['merged_at'],
  PRBranchInfo: ['repo'],
  Comment: ['user'],
  TimelineComment: ['user', 'milestone', 'old_milestone', 'label', 'assignee', 'ref_issue', 'ref_comment', 'tracked_time'],
  CommitStatus: ['creator'],
  PayloadCommit: ['verification', 'added', 'removed', 'modified'],
  Commit: ['author', 'committer', 'parents', 'files', 'stats'],
};
const nullableAnswers = ['ReactionList', 'TimelineList', 'PullRequest'];

/** What cc-ci reads. */
const required: Record<string, string[]> = {
  User: ['id', 'login'],
  Repository: ['id', 'name', 'owner', 'full_name', 'default_branch', 'clone_url', 'private', 'archived', 'empty', 'permissions'],
  Issue: ['id', 'number', 'title', 'state', 'updated_at', 'pull_request', 'repository'],
  RepositoryMeta: ['id', 'name', 'owner', 'full_name'],
  Comment: ['id', 'body', 'user', 'created_at', 'updated_at', 'html_url', 'pull_request_url', 'issue_url'],
  TimelineComment: ['id', 'type', 'user', 'body'],
  PullRequest: ['number', 'title', 'state', 'merged', 'user', 'html_url', 'updated_at', 'head', 'base'],
  PRBranchInfo: ['ref', 'sha', 'repo', 'repo_id', 'label'],
  Branch: ['commit'],
  PayloadCommit: ['id'],
  Commit: ['sha'],
  Reaction: ['content', 'user'],
  CommitStatus: ['id', 'status', 'context', 'description', 'target_url', 'creator', 'created_at'],
  AccessToken: ['sha1'],
  Hook: ['id', 'type', 'config', 'events', 'active'],
};

/** Written by the server and not described. */
const undescribedFields: Record<string, string[]> = { User: ['username'] };

/** Real, and missing in the description: refusals, redirects, and failures for unknown numbers and commits. */
const undescribedStatuses = [301, 303, 307, 400, 401, 403, 404, 422, 423, 500];

const ErrorBody = z.strictObject({ message: z.string(), url: z.string() });

const description = Description.parse(
  JSON.parse(readFileSync(new URL('../../forge/test/gitea-api.json', import.meta.url), 'utf8')),
);
const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), pattern: patternOf(path), operation })),
);
const ajv = new Ajv({
  strict: false,
  allErrors: true,
  formats: { 'date-time': isDateTime, int64: true, int32: true, uint64: true, email: true },
});
ajv.addSchema({ $id: 'gitea', definitions: truthful(description.definitions) });
const compiled = new Map<string, ValidateFunction>();

/** A fetch that throws when a request or its answer is not what the description and the overlay allow. */
export function checkedFetch(url: string): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { pathname, searchParams } = new URL(request.url);
    const path = pathname.slice(`${new URL(url).pathname}${description.basePath.slice(1)}`.length);
    const sent = request.body ? await request.clone().text() : '';
    const response = await fetch(request);
    const operation = operationOf(request.method, path);
    const where = `${request.method} ${path} ${response.status}`;
    const unknown = [...searchParams.keys()].filter(
      (name) => !operation.parameters.some((one) => one.in === 'query' && one.name === name),
    );
    if (unknown.length > 0) throw new Error(`${where}: parameters that are not described: ${unknown.join(', ')}`);
    checkSent(where, operation, sent);
    checkAnswer(where, operation, response.status, await response.clone().text());
    return response;
  };
}

function operationOf(method: string, path: string): Operation {
  // `search` and `comments` are words where others have a name or number: the most literal pattern is meant.
  const [found] = operations
    .filter((one) => one.method === method && one.pattern.test(path))
    .sort((a, b) => literal(b.pattern) - literal(a.pattern));
  if (found) return found.operation;
  throw new Error(`${method} ${path} is not in the trimmed description`);
}

const literal = (pattern: RegExp) => pattern.source.replaceAll(/\[\^\/\]\+|\.\+/g, '').length;

/** Every parameter is one part of a path, but for branches, which have slashes of their own. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace('{branch}', '.+').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
}

function checkSent(where: string, operation: Operation, text: string): void {
  const schema = operation.parameters.find((one) => one.in === 'body')?.schema;
  if (text === '' || !schema) return;
  check(`${where}, as sent`, schema.$ref.replace('#', 'gitea#'), JSON.parse(text));
}

function checkAnswer(where: string, operation: Operation, status: number, text: string): void {
  const described = operation.responses[String(status)];
  if (!described && !undescribedStatuses.includes(status)) throw new Error(`${where}: that status is not described`);
  if (status >= 300) {
    if (text !== '') ErrorBody.parse(JSON.parse(text));
    return;
  }
  const name = described?.$ref?.split('/').at(-1) ?? 'empty';
  const schema = description.responses[name]?.schema;
  if (!schema) {
    if (text !== '') throw new Error(`${where}: a body where none is described`);
    return;
  }
  const body: unknown = JSON.parse(text);
  if (body === null && nullableAnswers.includes(name)) return;
  check(where, name, body, JSON.parse(JSON.stringify(schema).replaceAll('#/definitions/', 'gitea#/definitions/')));
}

function check(where: string, key: string, value: unknown, schema: object = { $ref: key }): void {
  const validate = compiled.get(key) ?? ajv.compile(schema);
  compiled.set(key, validate);
  if (!validate(value)) throw new Error(`${where}: ${ajv.errorsText(validate.errors, { dataVar: key })}`);
}

/** The definitions with the overlay laid over them. */
function truthful(definitions: z.output<typeof Description>['definitions']) {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => {
      if (!definition.properties) return [name, definition];
      const properties: Record<string, object> = { ...definition.properties };
      for (const field of nullable[name] ?? []) properties[field] = { anyOf: [{ type: 'null' }, properties[field] ?? {}] };
      for (const field of undescribedFields[name] ?? []) properties[field] = {};
      const demanded = required[name];
      return [name, { ...definition, properties, additionalProperties: false, ...(demanded ? { required: demanded } : {}) }];
    }),
  );
}

function isDateTime(text: string): boolean {
  return z.iso.datetime({ offset: true }).safeParse(text).success;
}
