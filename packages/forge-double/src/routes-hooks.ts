/** Webhooks of a repository, for its administrators. */
import { z } from 'zod';
import { timeText } from './answers-people.ts';
import { type Answer, type Asked, created, nothing, numberOf, ok, pageOf, type Route } from './api.ts';
import { addHook, editHook, type HookForm, removeHook } from './hooks.ts';
import { notFound, Refusal } from './refusal.ts';
import { demandRole, visibleRepository } from './repositories.ts';
import type { Hook, Repository, World } from './world.ts';

const hooks = '/repos/:owner/:repo/hooks';
const oneHook = `${hooks}/:id`;

const Config = z.record(z.string(), z.string());
const Edited = z.object({
  config: Config.optional(),
  events: z.array(z.string()).nullish(),
  active: z.boolean().optional(),
  branch_filter: z.string().optional(),
  authorization_header: z.string().optional(),
});
const New = Edited.extend({ type: z.string(), config: Config });

export function hookRoutes(world: World): Route[] {
  const reading = { scope: 'read:repository', signedIn: true } as const;
  const writing = { scope: 'write:repository', signedIn: true } as const;
  return [
    { method: 'GET', path: hooks, ...reading, handle: (asked) => listHooks(world, asked) },
    { method: 'POST', path: hooks, ...writing, handle: (asked) => createHook(world, asked) },
    { method: 'GET', path: oneHook, ...reading, handle: (asked) => ok(hookAnswer(hookAsked(world, asked).hook)) },
    { method: 'PATCH', path: oneHook, ...writing, handle: (asked) => changeHook(world, asked) },
    { method: 'DELETE', path: oneHook, ...writing, handle: (asked) => deleteHook(world, asked) },
  ];
}

function administered(world: World, { params, caller }: Asked): Repository {
  const repository = visibleRepository(world, params['owner'] ?? '', params['repo'] ?? '', caller.person);
  demandRole(repository, caller.person, 'admin');
  return repository;
}

function hookAsked(world: World, asked: Asked): { repository: Repository; hook: Hook } {
  const repository = administered(world, asked);
  const hook = repository.hooks.find(({ id }) => id === numberOf(asked.params, 'id'));
  if (!hook) throw notFound();
  return { repository, hook };
}

function listHooks(world: World, asked: Asked): Answer {
  const { items, headers } = pageOf(world, asked.query, administered(world, asked).hooks);
  return { status: 200, headers, body: items.map(hookAnswer) };
}

function createHook(world: World, asked: Asked): Answer {
  const repository = administered(world, asked);
  const { type, ...form } = New.parse(asked.body);
  if (form.config['content_type'] === undefined) throw new Refusal(422, 'Missing config option: content_type');
  return created(hookAnswer(addHook(world, repository, { type, ...formOf(form) })));
}

function changeHook(world: World, asked: Asked): Answer {
  const { hook } = hookAsked(world, asked);
  editHook(world, hook, formOf(Edited.parse(asked.body)));
  return ok(hookAnswer(hook));
}

function deleteHook(world: World, asked: Asked): Answer {
  const { repository, hook } = hookAsked(world, asked);
  removeHook(world, repository, hook);
  return nothing;
}

function formOf({ config = {}, events, active, branch_filter, authorization_header }: z.output<typeof Edited>): HookForm {
  return {
    url: config['url'],
    contentType: config['content_type'],
    secret: config['secret'],
    events: events ?? undefined,
    active,
    branchFilter: branch_filter,
    authorizationHeader: authorization_header,
  };
}

/** Without its secret. The events come in no order that anybody gave them. */
function hookAnswer(hook: Hook) {
  return {
    id: hook.id,
    type: hook.type,
    name: '',
    config: { url: hook.url, content_type: hook.contentType },
    events: hook.events.toReversed(),
    active: hook.active,
    branch_filter: hook.branchFilter,
    authorization_header: hook.authorizationHeader,
    created_at: timeText(hook.createdAt),
    updated_at: timeText(hook.updatedAt),
  };
}
