import { openLog } from '@cc-ci/shared/service/log';
import { describe, expect, it } from 'vitest';
import type { Action, Desired } from '../src/plan.ts';
import { type ReportParts, report } from '../src/report.ts';
import { ended, SUBJECT } from './samples.ts';

describe('a report', () => {
  it('says nothing more once its job is no longer ours', async () => {
    const said: Action['do'][] = [];
    const stop = new AbortController();
    const desired: Desired = {
      comments: [],
      absent: [],
      reactions: new Map([[1, ['eyes', '+1']]]),
      statuses: new Map(),
    };
    const parts: ReportParts = {
      runs: { ofSubject: async () => [ended('passed')], changed: async () => [], settle: async () => undefined },
      intakes: { ofSubject: async () => [] },
      memory: {
        read: async () => ({ comments: new Map(), reactions: new Map(), statuses: new Map() }),
        sawComments: async () => undefined,
        forgetComment: async () => undefined,
        settledReactions: async () => undefined,
        settledStatus: async () => undefined,
      },
      observe: async () => ({ comments: [], everSeen: new Map(), reactions: new Map([[1, []]]), statuses: new Map() }),
      apply: async (_, action) => {
        said.push(action.do);
        stop.abort();
        return true;
      },
      desire: async () => desired,
      addressOf: async (repo) => repo,
      log: openLog({ service: 'reporter', instance: 'test', destination: { write: () => undefined } }),
    };
    await expect(report(SUBJECT, parts, stop.signal)).rejects.toThrow();
    expect(said).toEqual(['react']);
  });
});
