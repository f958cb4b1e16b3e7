import { createHash } from 'node:crypto';
import { pullSubject, type RunId, runSubject, type Subject } from '../contract/ids.ts';
import type { Origin, RunRecord, RunRequest } from '../contract/run.ts';

/** What makes a request the same request: one comment, one recipe of one sweep, one key of one caller. */
export function identityOf(repoId: number, origin: Origin): string {
  switch (origin.kind) {
    case 'comment':
      return `comment-${repoId}-${origin.commentId}`;
    case 'sweep':
      return `sweep-${repoId}-${origin.sweep}`;
    case 'api':
      return `api-${repoId}-${origin.key}`;
  }
}

/**
 * The run id of a request. The same request always gets the same one, so asking twice creates one run.
 * Six digits meet by chance once in millions: `clash` counts how many others were found under the id before.
 */
export function runIdOf(instance: string, request: Pick<RunRequest, 'repo' | 'origin'>, clash = 0): RunId {
  return sixDigits([instance, identityOf(request.repo.id, request.origin), clash]);
}

/** A record as it is first written. @param createdAt Unix milliseconds */
export function newRun(instance: string, id: RunId, request: RunRequest, createdAt: number): RunRecord {
  return {
    v: 1,
    id,
    rev: 0,
    instance,
    subject: subjectOf(id, request),
    request,
    createdAt,
    state: 'queued',
    attempts: [],
    wish: null,
    steps: [],
    version: null,
    base: null,
    doing: null,
    standIns: false,
    verdict: null,
    endedAt: null,
    level: null,
    amber: false,
    cause: null,
    before: null,
    resources: null,
  };
}

function subjectOf(id: RunId, request: RunRequest): Subject {
  return request.pull ? pullSubject(request.repo.id, request.pull.number) : runSubject(id);
}

/**
 * The name of one attempt's app: four letters of the recipe and six digits of run and attempt. Short, because secrets and
 * configs are named after it and Swarm ends their names at 64 characters.
 */
export function nameOf(instance: string, run: RunId, attempt: number, recipe: string): string {
  const letters = recipe
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 4);
  return `${/^[a-z]/.test(letters) ? letters : `r${letters}`.slice(0, 4)}-${sixDigits([instance, run, attempt])}`;
}

function sixDigits(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 6);
}
