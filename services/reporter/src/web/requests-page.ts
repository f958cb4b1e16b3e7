import type { IntakeRecord, Reply } from '@cc-ci/shared/contract/intake';
import { duration } from '@cc-ci/shared/service/duration';
import { html } from 'hono/html';
import { dateAndClock } from '../render/duration.ts';
import { pageUrl, shortCommit } from '../render/links.ts';
import { type Html, link, type Page } from './layout.ts';
import type { OpenRequest } from './open-requests.ts';
import { table } from './table.ts';

export interface RequestsFacts {
  readonly open: readonly OpenRequest[];
  /** Comments that did not become a run, newest first. */
  readonly refused: readonly IntakeRecord[];
  /** Where people reach the forge. */
  readonly forgeUrl: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/** The page of what waits for a member's word, and of what was asked for and did not become a run. */
export function requestsPage({ open, refused, forgeUrl, now }: RequestsFacts): Page {
  const pullLink = ({ repo, pull }: IntakeRecord): Html => {
    const name = `${repo.name} #${pull ?? '?'}`;
    return link(pageUrl(forgeUrl, `${repo.owner}/${repo.name}/pulls/${pull}`), name);
  };
  return {
    title: open.length === 0 ? 'No request waits' : `${open.length} waiting for a member`,
    body: html`
      <h1>${open.length === 0 ? 'No request waits for a member' : `${open.length} waiting for a member’s word`}</h1>
      <p>Somebody from outside asked for a test of their commit. It runs on our server, so a member reads it first, and then comments on the
        pull request. That is for this commit and no other.</p>
      ${
        open.length === 0
          ? ''
          : table(
              ['Pull request', 'Commit', 'Asked by', 'Waiting for'],
              open.map(
                ({ intake, commit }) => html`<tr><td>${pullLink(intake)}</td><td><code>${shortCommit(commit)}</code></td>
                  <td>${intake.author}</td><td>${duration(Math.max(0, now - intake.seenAt))}</td></tr>`,
              ),
            )
      }
      <h2>Comments that did not become a run</h2>
      ${
        refused.length === 0
          ? html`<p>There were none lately.</p>`
          : table(
              ['Pull request', 'By', 'Why', 'When'],
              refused.map(
                (intake) => html`<tr><td>${pullLink(intake)}</td><td>${intake.author}</td><td>${reasonOf(intake)}</td>
                  <td>${dateAndClock(intake.seenAt)}</td></tr>`,
              ),
            )
      }
    `,
  };
}

function reasonOf({ outcome }: IntakeRecord): string {
  switch (outcome.kind) {
    case 'reply':
      return reasons[outcome.reply.about];
    case 'run':
      return 'it became a run';
    case 'stopped':
      return 'it stopped a run';
    default:
      return outcome.why;
  }
}

const reasons: Record<Reply['about'], string> = {
  help: 'they asked for help',
  'not-yet': 'this version of cc-ci cannot do it yet',
  mistake: 'it is no command',
  outsider: 'they are no member',
  'head-moved': 'somebody else pushed after the comment',
  'foreign-commit': 'the commit is not one of the pull request',
  closed: 'the pull request is closed',
  already: 'the same test was on its way already',
  'not-a-member': 'they are no member',
  'nothing-to-stop': 'there was nothing to stop',
  'too-many': 'they had as many runs as one person may have',
  status: 'they asked how things are',
};
