import { tiers, verdicts } from '@cc-ci/shared/contract/glossary';
import { RunId, Sha } from '@cc-ci/shared/contract/ids';
import type { RunRecord } from '@cc-ci/shared/contract/run';
import { isWhole } from '@cc-ci/shared/runs/flags';
import { z } from 'zod';
import { runUrl } from '../render/links.ts';

const Moment = z.iso.datetime();

/** A run as tools read it in a list. Its page has more, its results have all. */
export const RunSummary = z.object({
  run: RunId,
  repository: z.string().describe('owner/name'),
  recipe: z.string(),
  pr: z.int().nullable(),
  commit: Sha,
  state: z.enum(['queued', 'running', 'ended']),
  verdict: z.enum(verdicts).nullable().describe('null: it goes on'),
  failed_at: z.enum(tiers).nullable(),
  reason: z.string().nullable().describe('Of a run that did not pass: the sentence of its comment'),
  level: z.int().nullable(),
  amber: z.boolean().describe('Passed, with a gap'),
  partial: z.boolean().describe('Only some steps were asked for: it says nothing of the whole'),
  stand_ins: z.boolean().describe('The images were not the real ones'),
  asked: Moment,
  finished: Moment.nullable(),
  page: z.url(),
  results: z.url().nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** @param publicUrl where people reach the dashboard */
export function summaryOf(run: RunRecord, publicUrl: string): RunSummary {
  const { request, verdict, cause, endedAt } = run;
  const page = runUrl(publicUrl, run.id);
  return {
    run: run.id,
    repository: `${request.repo.owner}/${request.repo.name}`,
    recipe: request.recipe,
    pr: request.pull?.number ?? null,
    commit: request.commit,
    state: run.state,
    verdict,
    failed_at: verdict === 'failed' ? (cause?.tier ?? null) : null,
    reason: cause?.sentence ?? null,
    level: run.level,
    amber: run.amber,
    partial: !isWhole(request.flags),
    stand_ins: run.standIns,
    asked: new Date(run.createdAt).toISOString(),
    finished: endedAt === null ? null : new Date(endedAt).toISOString(),
    page,
    results: endedAt === null ? null : `${page}/results.json`,
  };
}
