import type { FastifyReply } from 'fastify';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { spansOf } from '../render/escape.ts';

/** A part of a page. What is put into it is escaped, unless it is a part itself. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** Seconds after which a browser without scripts loads the page again. */
  readonly reload?: number;
}

/** Nothing comes from elsewhere, and no page of ours runs what it was not served with. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Answers with a page. */
export async function sendPage(reply: FastifyReply, page: Page): Promise<FastifyReply> {
  const text = String(await layout(page));
  return reply
    .status(page.status ?? 200)
    .header('content-security-policy', POLICY)
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(text);
}

/** A sentence of ours with its code spans. */
export function sentence(text: string): Html {
  return html`${spansOf(text).map((span) => (span.isCode ? html`<code>${span.text}</code>` : span.text))}`;
}

/** A link to what was written by others: only where it leads to a web page. */
export function link(url: string, text: string | Html): Html {
  return /^https?:\/\//i.test(url) ? html`<a href="${url}" rel="noopener nofollow">${text}</a>` : html`${text}`;
}

function layout({ title, body, reload }: Page): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/assets/style.css" />
        ${reload === undefined ? '' : html`<noscript><meta http-equiv="refresh" content="${reload}" /></noscript>`}
      </head>
      <body>
        <header><strong><a href="/">cc-ci</a></strong> <span class="quiet">tests recipes of Co-op Cloud on a real Docker Swarm</span>
          <nav><a href="/">Runs and recipes</a> <a href="/queue">Queue</a> <a href="/requests">Requests</a></nav></header>
        <main>${body}</main>
      </body>
    </html>`;
}
