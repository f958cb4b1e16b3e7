/** What the proxy answered for an app. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** Its beginning. */
  readonly body: string;
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
 */
export function notServing(answer: Answer | NoAnswer): string | undefined {
  if ('unanswered' in answer) return answer.unanswered;
  const { status } = answer;
  if (isProxysOwn404(answer)) return 'is not known to the proxy yet (its own 404 page)';
  if ((status >= 200 && status < 400) || SERVING.includes(status)) return undefined;
  return `answers with HTTP ${status}`;
}

function isProxysOwn404({ status, contentType, body }: Answer): boolean {
  return status === 404 && contentType.startsWith('text/plain') && body.trim() === '404 page not found';
}
