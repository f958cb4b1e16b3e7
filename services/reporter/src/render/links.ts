import type { RunId } from '@cc-ci/shared/contract/ids';

/** The page of a run. @param publicUrl where people reach the dashboard, with or without a slash at its end */
export function runUrl(publicUrl: string, id: RunId): string {
  return pageUrl(publicUrl, `runs/${id}`);
}

/** The page of requests that wait for a member. @param publicUrl as above */
export function requestsUrl(publicUrl: string): string {
  return pageUrl(publicUrl, 'requests');
}

/** The page of the queue. @param publicUrl as above */
export function queueUrl(publicUrl: string): string {
  return pageUrl(publicUrl, 'queue');
}

/** The start of a commit id, as people name it. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 8);
}

/** @param base with or without a slash at its end */
export function pageUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path}`;
}
