/** Webhooks of a repository: to make, change and remove them, with what Gitea does not change. */
import { Refusal } from './refusal.ts';
import type { Hook, Repository, World } from './world.ts';

/** What Gitea knows how to deliver to. */
const types = ['dingtalk', 'discord', 'gitea', 'gogs', 'msteams', 'slack', 'telegram', 'feishu', 'wechatwork', 'packagist'];

/** Names that stand for several. */
const families: Readonly<Record<string, readonly string[]>> = {
  issues: ['issues', 'issue_assign', 'issue_label', 'issue_milestone', 'issue_comment'],
  issues_only: ['issues'],
  pull_request: [
    'pull_request',
    'pull_request_assign',
    'pull_request_label',
    'pull_request_milestone',
    'pull_request_comment',
    'pull_request_review',
    'pull_request_review_request',
    'pull_request_sync',
  ],
  pull_request_only: ['pull_request'],
};

export interface HookForm {
  type?: string | undefined;
  url?: string | undefined;
  contentType?: string | undefined;
  secret?: string | undefined;
  events?: readonly string[] | undefined;
  active?: boolean | undefined;
  branchFilter?: string | undefined;
  authorizationHeader?: string | undefined;
}

/** Creates a hook, inactive and for pushes unless said otherwise. A second one with the same address is one more. */
export function addHook(world: World, repository: Repository, form: HookForm): Hook {
  const { type = 'gitea', url, contentType = 'json', secret = '', active = false } = form;
  if (!types.includes(type)) throw new Refusal(422, `Invalid hook type: ${type}`);
  const now = world.now();
  const hook: Hook = {
    id: world.nextId('hook'),
    type,
    url: addressOf(url),
    contentType: contentTypeOf(contentType),
    secret,
    active,
    ...resettable(form),
    createdAt: now,
    updatedAt: now,
  };
  repository.hooks.push(hook);
  world.events.emit('change');
  return hook;
}

/** Changes a hook. The secret stays, whatever is asked; what belongs to the form and is not in it goes back to nothing. */
export function editHook(world: World, hook: Hook, form: HookForm): void {
  if (form.url !== undefined) hook.url = addressOf(form.url);
  if (form.contentType !== undefined) hook.contentType = contentTypeOf(form.contentType);
  if (form.active !== undefined) hook.active = form.active;
  Object.assign(hook, resettable(form), { updatedAt: world.now() });
  world.events.emit('change');
}

export function removeHook(world: World, repository: Repository, hook: Hook): void {
  repository.hooks = repository.hooks.filter((one) => one !== hook);
  world.events.emit('change');
}

function resettable({ events = [], branchFilter = '', authorizationHeader = '' }: HookForm) {
  const leaves = new Set(events.flatMap((event) => families[event] ?? [event]));
  return { events: leaves.size === 0 ? ['push'] : [...leaves], branchFilter, authorizationHeader };
}

function addressOf(url: string | undefined): string {
  if (url === undefined) throw new Refusal(422, 'Missing config option: url');
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new Refusal(422, 'Invalid url');
  return url;
}

function contentTypeOf(text: string): Hook['contentType'] {
  if (text === 'json' || text === 'form') return text;
  throw new Refusal(422, 'Invalid content type');
}
