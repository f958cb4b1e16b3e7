/** Pieces of the double's pages. Every value is escaped by `html`; `raw` holds only what renderMarkdown made safe, and our own style. */
import { html, raw } from 'hono/html';
import { isPull } from './issues.ts';
import { renderMarkdown } from './markdown.ts';
import { fullName } from './repositories.ts';
import type { Comment, Entry, Issue, Repository, Status, World } from './world.ts';

/** What `html` gives: text that is escaped already. */
export type Html = ReturnType<typeof html>;

const style = `
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: #1d2126; background: #f6f7f9 }
.banner { background: #ffe9a8; border-bottom: 1px solid #e0c25a; padding: .5rem 1rem; text-align: center }
main { max-width: 54rem; margin: 1.5rem auto; padding: 0 1rem }
a { color: #0b5cad } h1 { font-size: 1.5rem } h1 small { color: #68707a; font-weight: 400 }
.box { background: #fff; border: 1px solid #d5dae0; border-radius: 6px; margin: 1rem 0; overflow: hidden }
.box > header { background: #eef1f4; padding: .4rem .9rem; border-bottom: 1px solid #d5dae0; color: #4b535c }
.box > div { padding: .2rem .9rem } .push { color: #4b535c; margin-left: .9rem }
table { border-collapse: collapse } th, td { border: 1px solid #d5dae0; padding: .3rem .6rem; text-align: left }
pre, code { background: #f0f2f4; border-radius: 4px; font-family: ui-monospace, monospace; font-size: .9em }
pre { padding: .6rem .8rem; overflow-x: auto } code { padding: .1em .3em } pre code { padding: 0 }
blockquote { margin: .6rem 0; padding: 0 .9rem; border-left: 4px solid #d5dae0; color: #4b535c }
.reactions { padding: 0 .9rem .5rem } .reactions span { border: 1px solid #d5dae0; border-radius: 1rem; padding: .1rem .6rem; margin-right: .3rem }
textarea { width: 100%; box-sizing: border-box; font: inherit; padding: .5rem } button { font: inherit; padding: .3rem .9rem; margin: .5rem .4rem .6rem 0 }
.state { border-radius: 1rem; padding: .1rem .7rem; color: #fff; background: #2d7a3e } .state.closed { background: #8a2c2c }
.success { color: #1f7a36 } .failure, .error { color: #b3261e } .pending { color: #8a6100 }`;

/** A whole page with the banner that says what this is. */
export function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <div class="banner">This is cc-ci's forge double, for demo and tests: not Gitea.</div>
        <main>${content}</main>
      </body>
    </html>`;
}

export const repositoryPath = (repository: Repository) => `/${fullName(repository)}`;
export const issuePath = (issue: Issue) =>
  `${repositoryPath(issue.repository)}/${isPull(issue) ? 'pulls' : 'issues'}/${issue.number}`;

/** One repository with links to what is open and closed in it. */
export function repositoryBox(repository: Repository): Html {
  return html`<section class="box">
    <header><a href="${repositoryPath(repository)}">${fullName(repository)}</a>${repository.private ? ' (private)' : ''}</header>
    <div>
      ${repository.issues.length === 0 ? html`<p>No pull requests.</p>` : ''}
      ${repository.issues.map((issue) => html`<p>${stateMark(issue)} <a href="${issuePath(issue)}">#${issue.number} ${issue.title}</a></p>`)}
    </div>
  </section>`;
}

export function stateMark(issue: Issue): Html {
  return html`<span class="state ${issue.state}">${issue.state}</span>`;
}

/** The newest status of each context. */
export function statusList(statuses: Status[]): Html {
  const newest = new Map(statuses.map((status) => [status.context, status]));
  if (newest.size === 0) return html`<p>No commit status.</p>`;
  return html`<ul>
    ${[...newest.values()].map(
      ({ state, context, description, targetUrl }) =>
        html`<li><b class="${state}">${state}</b> ${context}: ${description} ${isWebAddress(targetUrl) ? html`<a href="${targetUrl}">details</a>` : ''}</li>`,
    )}
  </ul>`;
}

const isWebAddress = (text: string) => /^https?:\/\//.test(text);

export function entryBox(entry: Entry): Html {
  if (entry.kind === 'comment') return commentBox(entry);
  const who = entry.author.login;
  if (entry.kind !== 'push') return html`<p class="push">${who}: ${entry.kind.replaceAll('_', ' ')}</p>`;
  const shas = entry.commits.map((sha) => sha.slice(0, 10));
  const what = entry.forced ? `force-pushed from ${shas.join(' to ')}` : `pushed ${shas.join(', ')}`;
  return html`<p class="push">${who} ${what}</p>`;
}

function commentBox(comment: Comment): Html {
  const edited = comment.updatedAt.getTime() === comment.createdAt.getTime() ? '' : ', edited';
  return html`<article class="box" id="issuecomment-${comment.id}">
    <header><b>${comment.author.deleted ? 'Ghost' : comment.author.login}</b> ${clock(comment.createdAt)}${edited}</header>
    <div>${raw(renderMarkdown(comment.body))}</div>
    ${comment.reactions.length === 0 ? '' : reactionRow(comment)}
  </article>`;
}

const clock = (time: Date) => `${time.toISOString().replace('T', ' ').slice(0, 19)} UTC`;

const faces: Record<string, string> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  hooray: '🎉',
  confused: '😕',
  heart: '❤️',
  rocket: '🚀',
  eyes: '👀',
};

function reactionRow({ reactions }: Comment): Html {
  return html`<p class="reactions">
    ${reactions.map(({ content, person }) => html`<span title="${content} by ${person.login}">${faces[content] ?? content}</span>`)}
  </p>`;
}

/** A box with one button per speaker: who is a member and who is not decides what a comment may do. */
export function commentForm(issue: Issue, { member, outsider }: NonNullable<World['speakers']>): Html {
  return html`<form class="box" method="post" action="${issuePath(issue)}/comments">
    <header>Write a comment</header>
    <div>
      <textarea name="body" rows="3" required>!testme</textarea>
      <button name="as" value="${member}">Comment as member (${member})</button>
      <button name="as" value="${outsider}">Comment as outsider (${outsider})</button>
    </div>
  </form>`;
}
