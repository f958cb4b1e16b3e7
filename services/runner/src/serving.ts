/** What the proxy answered for an app. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** Its beginning. */
  readonly body: string;
  /** It sends whoever asks to the address that was asked, without a cookie that would change the next answer. */
  readonly isLoop?: boolean;
}

/** Nobody answered for the app, and why, as words that follow the app's address. */
export interface NoAnswer {
  readonly unanswered: string;
  /** `proxy`: the host's proxy takes no connection, or shows a certificate that is not to be trusted. */
  readonly fault: 'app' | 'proxy';
}

/** Asking who you are, or sending you elsewhere, is what an app that works does. */
const SERVING = [401, 403];

/**
 * Why this answer does not count as serving, as words that follow the app's address; undefined when it does.
 * 404 never counts, also not the app's own: an app whose front page is missing is as little use to its people as one that the
 * proxy does not know, and from outside the two cannot be told apart for certain.
 * @param statuses those that cc-ci's own settings of the recipe name, and no others then count
 */
export function notServing(answer: Answer, statuses?: readonly number[]): string | undefined {
  const { status, isLoop = false } = answer;
  if (isProxysOwn404(answer)) return 'is not known to the proxy yet (its own 404 page)';
  if (isLoop && status >= 300 && status < 400) return `sends everybody back to itself (HTTP ${status}), without end`;
  if (statuses)
    return statuses.includes(status) ? undefined : `answers with HTTP ${status}, and not with ${statuses.join(' or ')}`;
  if ((status >= 200 && status < 400) || SERVING.includes(status)) return undefined;
  return `answers with HTTP ${status}`;
}

/**
 * Whether a redirect from a page leads to the same page: what an app does that does not believe its proxy that people
 * came by HTTPS. Plain HTTP counts as well, since the proxy sends it to HTTPS.
 */
export function isLoop(
  asked: string,
  headers: { readonly location?: string | undefined; readonly 'set-cookie'?: readonly string[] | undefined },
): boolean {
  const { location, 'set-cookie': cookies = [] } = headers;
  if (location === undefined || cookies.length > 0 || !URL.canParse(location, asked)) return false;
  const [from, to] = [new URL(asked), new URL(location, asked)];
  return to.hostname === from.hostname && to.pathname === from.pathname && to.search === from.search;
}

function isProxysOwn404({ status, contentType, body }: Answer): boolean {
  return status === 404 && contentType.startsWith('text/plain') && body.trim() === '404 page not found';
}
