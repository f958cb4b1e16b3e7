import { request } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { getCACertificates } from 'node:tls';
import type { HealthCheck } from '@cc-ci/recipes/recipe-yml';
import { type Answer, isLoop, type NoAnswer, notServing } from './serving.ts';
import { abortAfter } from './stop.ts';

/** One question may take this long: a page that is slower than this is of no use to people either. Milliseconds. */
const ANSWER_LIMIT_MS = 10_000;
/** Pause between two questions, in milliseconds. */
const PROBE_PAUSE_MS = 500;
/** As much of a page as is looked at, in bytes. */
const BODY_LIMIT_BYTES = 4_096;

/** Where the host's proxy is, and whose certificates it shows. */
export interface HostProxy {
  readonly address: string;
  readonly port: number;
  /** PEM; undefined: those that the system trusts. */
  readonly ca: string | undefined;
}

/** The app runs, and its people do not reach it. The app's fault. */
export class NotServing extends Error {
  override readonly name = 'NotServing';
  readonly what: string;
  readonly waitedMs: number;
  /** Of the last page, for evidence. */
  readonly body: string;
  constructor(what: string, waitedMs: number, body: string) {
    super(`The app's address ${what}.`);
    this.what = what;
    this.waitedMs = waitedMs;
    this.body = body;
  }
}

/** The host's proxy takes no connection, or shows a certificate that is not to be trusted. Ours. */
export class ProxyUnfit extends Error {
  override readonly name = 'ProxyUnfit';
  constructor({ address, port }: HostProxy, said: string) {
    super(`The way through the proxy at ${address}:${port} is closed: an app behind it ${said}.`);
  }
}

export interface Probing {
  readonly proxy: HostProxy;
  /** Which page is asked for, and what it has to answer. */
  readonly health: HealthCheck;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Told what is wrong, whenever that changes. */
  onWaiting(what: string): void;
  /** Between two questions: throws when the app has meanwhile gone down for good. */
  stillUp(): Promise<void>;
}

/**
 * Asks for a page of the app, the way its people would, until it is served. Throws NotServing or ProxyUnfit.
 * @returns the HTTP status of the page that was served
 */
export async function untilServed(
  domain: string,
  { proxy, health, limitMs, signal, onWaiting, stillUp }: Probing,
): Promise<number> {
  using limit = abortAfter(limitMs, new Error('The time for the first answer is over.'));
  let told = '';
  for (;;) {
    const answer = await ask({ domain, path: health.path }, proxy, Math.min(ANSWER_LIMIT_MS, limitMs), signal);
    signal.throwIfAborted();
    const seen = 'unanswered' in answer ? { trouble: answer.unanswered } : judged(answer, health);
    if ('status' in seen) return seen.status;
    const { trouble } = seen;
    if (limit.signal.aborted) throw hopeless(answer, trouble, proxy, limitMs);
    if (trouble !== told) onWaiting(trouble);
    told = trouble;
    await stillUp();
    await pause(PROBE_PAUSE_MS, undefined, { signal });
  }
}

function judged(answer: Answer, { statuses }: HealthCheck): { status: number } | { trouble: string } {
  const trouble = notServing(answer, statuses);
  return trouble === undefined ? { status: answer.status } : { trouble };
}

function hopeless(answer: Answer | NoAnswer, trouble: string, proxy: HostProxy, limitMs: number): Error {
  if (!('unanswered' in answer)) return new NotServing(trouble, limitMs, answer.body);
  return answer.fault === 'proxy' ? new ProxyUnfit(proxy, trouble) : new NotServing(trouble, limitMs, '');
}

/** `https://<domain><path>`, asked of the proxy at its configured address: no DNS is needed, and the certificate is verified. */
async function ask(
  { domain, path }: { domain: string; path: string },
  { address, port, ca }: HostProxy,
  answerMs: number,
  signal: AbortSignal,
): Promise<Answer | NoAnswer> {
  using limit = abortAfter(answerMs, new Error(`no answer in ${answerMs / 1000} s`));
  // Awaited here: the limit is taken back as soon as this function returns.
  return await new Promise((resolve) => {
    const asked = request({
      host: address,
      port,
      servername: domain,
      path,
      headers: { host: domain, 'user-agent': 'cc-ci', accept: '*/*' },
      ca: ca ?? getCACertificates('system'),
      agent: false,
      signal: AbortSignal.any([signal, limit.signal]),
    });
    asked.on('error', (error) => resolve(noAnswer(limit.signal.aborted ? limit.signal.reason : error)));
    asked.on('response', (response) => {
      const answer = (body: string): void =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'] ?? '',
          body,
          isLoop: isLoop(`https://${domain}${path}`, response.headers),
        });
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        // Enough seen; an endless page must not hold the run up.
        if (body.length >= BODY_LIMIT_BYTES) response.destroy();
      });
      response.on('close', () => answer(body.slice(0, BODY_LIMIT_BYTES)));
      response.on('error', () => answer(body));
    });
    asked.end();
  });
}

/** Codes of Node and OpenSSL: no connection, and certificates that do not hold. Certificates are the proxy's, never the app's. */
const PROXY_TROUBLE = /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|.*CERT.*|.*SELF_SIGNED.*|UNABLE_TO_.*)$/;

function noAnswer(error: unknown): NoAnswer {
  const said = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return { unanswered: `gives no answer (${said})`, fault: PROXY_TROUBLE.test(code) ? 'proxy' : 'app' };
}
