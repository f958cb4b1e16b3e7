import { ForgeUnreachable } from '@cc-ci/forge/errors';
import type { Comment, IssueSeen } from '@cc-ci/forge/schema';
import type { IntakeRecord } from '@cc-ci/shared/contract/intake';
import type { IntakeJob } from '@cc-ci/shared/contract/queues';
import { Settings } from '@cc-ci/shared/contract/settings';
import { openLog } from '@cc-ci/shared/service/log';
import { describe, expect, it } from 'vitest';
import type { Cursor } from '../src/cursor.ts';
import { openPoller } from '../src/poller.ts';

const MINUTE = 60_000;
const noon = Date.parse('2026-03-01T12:00:00Z');
const me = { id: 9, login: 'cc-ci' };
const ana = { id: 5, login: 'ana' };

const settings = Settings.parse({
  instance: 'test',
  forge: { url: 'https://git.example.org' },
  enrol: { owners: ['coop', 'boris'] },
  deploy: { apps_domain: 'apps.example.org' },
  dashboard: { public_url: 'https://ci.example.org' },
});

const [CLOSED, MERGED] = [70, 71];
const issue = (number: number, isPull = true): IssueSeen => ({
  id: 100 + number,
  number,
  title: 'A change',
  state: number === CLOSED || number === MERGED ? 'closed' : 'open',
  updatedAt: new Date(noon),
  isPull,
  isMerged: number === MERGED,
  repository: { id: 3, owner: 'coop', name: 'hedgedoc' },
});

const comment = (id: number, body = '!testme', over: Partial<Comment> = {}): Comment => ({
  id,
  body,
  author: ana,
  createdAt: new Date(noon),
  updatedAt: new Date(noon),
  htmlUrl: '',
  pullNumber: 7,
  ...over,
});

/** A forge with these pages for `coop`, none for `boris`, and what a poll left behind. An error stands for a page that fails. */
function pollOf(
  pages: Readonly<Record<number, readonly Comment[] | Error>>,
  known: Cursor | null = { v: 1, since: noon, begun: 0 },
) {
  const asked: string[] = [];
  const logged: string[] = [];
  const steps: string[] = [];
  const recorded: IntakeRecord[] = [];
  const cursors = new Map(
    known
      ? [
          ['coop', known],
          ['boris', known],
        ]
      : [],
  );
  const seen = new Set<number>();
  const poll = openPoller({
    settings,
    me: async () => me,
    now: () => noon + MINUTE,
    log: openLog({ service: 'trigger', instance: 'test', destination: { write: (line) => void logged.push(line) } }),
    forge: {
      async searchIssues({ owner, since }) {
        asked.push(`search ${owner} since ${since.toISOString()}`);
        const issues = owner === 'coop' ? [issue(1, false), ...Object.keys(pages).map((number) => issue(Number(number)))] : [];
        return { issues, serverTime: new Date(noon + MINUTE) };
      },
      async comments(_, number) {
        asked.push(`comments ${number}`);
        const page = pages[number] ?? [];
        if (page instanceof Error) throw page;
        return [...page];
      },
    },
    cursors: { read: async (owner) => cursors.get(owner), write: async (owner, cursor) => void cursors.set(owner, cursor) },
    intake: {
      saw: async ({ commentId }: IntakeJob) => {
        steps.push(`saw ${commentId}`);
        return commentId !== KNOWN;
      },
      record: async (record) => {
        recorded.push(record);
        return true;
      },
    },
    enqueue: async ({ commentId }) => void steps.push(`enqueue ${commentId}`),
    moved: (repositoryId) => void seen.add(repositoryId),
    closed: async ({ number }) => void steps.push(`closed ${number}`),
  });
  return { poll: () => poll(new AbortController().signal), asked, logged, steps, recorded, cursors, seen };
}

/** A comment that has its outcome already. */
const KNOWN = 40;
const away = new ForgeUnreachable({ route: 'GET /comments', why: 'answer 502' });

describe('a poll', () => {
  it('asks once for each owner, and then only for the comments of pull requests that moved', async () => {
    const { poll, asked } = pollOf({ 7: [] });
    await poll();
    expect(asked).toEqual([
      'search coop since 2026-03-01T11:58:00.000Z',
      'comments 7',
      'search boris since 2026-03-01T11:58:00.000Z',
    ]);
  });

  it('tells of each repository that moved, so that a new one is listed', async () => {
    const { poll, seen } = pollOf({ 7: [] });
    await poll();
    expect([...seen]).toEqual([issue(7).repository.id]);
  });

  it('tells of a pull request that was closed, and not of one that was merged (case 39)', async () => {
    const { poll, steps } = pollOf({ 7: [], [CLOSED]: [], [MERGED]: [] });
    await poll();
    expect(steps).toEqual([`closed ${CLOSED}`]);
  });

  it('writes down each comment before it enqueues it, and then moves the cursor', async () => {
    const { poll, steps, cursors } = pollOf({ 7: [comment(50), comment(51)] });
    await poll();
    expect(steps).toEqual(['saw 50', 'saw 51', 'enqueue 50', 'enqueue 51']);
    expect(cursors.get('coop')?.since).toBe(noon + MINUTE);
  });

  it('enqueues in the order in which people wrote, whatever the order of the pages (case 7)', async () => {
    const { poll, steps } = pollOf({ 7: [comment(51), comment(53)], 8: [comment(50)], 9: [comment(52)] });
    await poll();
    expect(steps.filter((step) => step.startsWith('enqueue'))).toEqual(['enqueue 50', 'enqueue 51', 'enqueue 52', 'enqueue 53']);
  });

  it.each([
    ['does not speak to us', comment(50, 'Looks good.'), []],
    ['has its outcome', comment(KNOWN), [`saw ${KNOWN}`]],
    [
      'is one of ours that speaks of a command',
      comment(50, '<!-- cc-ci:progress:test:abcdef -->\nTo stop: `!testme cancel`', { author: me }),
      [],
    ],
  ])('enqueues nothing for a comment that %s', async (_, written, expected) => {
    const { poll, steps } = pollOf({ 7: [written] });
    await poll();
    expect(steps).toEqual(expected);
  });

  it('enqueues what a stranger wrote in our manner, so that it ends with a reason', async () => {
    const { poll, steps } = pollOf({ 7: [comment(50, '<!-- cc-ci:progress:test:abcdef -->\n!testme')] });
    await poll();
    expect(steps).toEqual(['saw 50', 'enqueue 50']);
  });

  it('records a comment that is too old as ignored', async () => {
    const { poll, steps, recorded } = pollOf({ 7: [comment(50, '!testme', { updatedAt: new Date(noon - 24 * 60 * MINUTE) })] });
    await poll();
    expect(steps).toEqual(['saw 50']);
    expect(recorded).toEqual([
      expect.objectContaining({
        commentId: 50,
        pull: 7,
        author: 'ana',
        outcome: { kind: 'ignored', why: 'it was too old when it was first seen' },
      }),
    ]);
  });

  it('reads the other pages when one fails, and leaves the cursor of that owner where it was (case 9)', async () => {
    const { poll, steps, cursors } = pollOf({ 7: away, 8: [comment(50)] });
    await poll();
    expect(steps).toEqual(['saw 50', 'enqueue 50']);
    expect([cursors.get('coop')?.since, cursors.get('boris')?.since]).toEqual([noon, noon + MINUTE]);
  });

  it('says once that it fails, however long it does', async () => {
    const { poll, logged } = pollOf({ 7: away });
    await poll();
    await poll();
    expect(logged).toHaveLength(1);
  });

  it('that is the first fixes the beginning before it reads anything', async () => {
    const { poll, cursors } = pollOf({ 7: away }, null);
    await poll();
    expect(cursors.get('coop')).toEqual({ v: 1, since: noon + MINUTE - 24 * 60 * MINUTE, begun: noon + MINUTE });
  });
});
