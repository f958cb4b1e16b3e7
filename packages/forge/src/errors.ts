/** The ways in which a forge can fail us. Decide on the class and its fields, never on the text. */

interface Where {
  /** What was asked: method and path, or the thing asked about. Never with a token. */
  route: string;
  /** The HTTP status, when there was an answer. */
  status?: number;
}

/** Common to all: `retry` says whether the same request can succeed later without anybody doing something. */
export abstract class ForgeError extends Error {
  abstract readonly retry: 'later' | 'never';
  readonly route: string;
  readonly status: number | undefined;

  constructor(sentence: string, where: Where, options?: ErrorOptions) {
    super(sentence, options);
    this.route = where.route;
    this.status = where.status;
  }
}

/** No answer, or one of the proxy in front: network, time-out, 429, 502 to 504. A write may have happened all the same. */
export class ForgeUnreachable extends ForgeError {
  override readonly name = 'ForgeUnreachable';
  override readonly retry = 'later';
  /** What the forge asked us to wait, in milliseconds, when it said so. */
  readonly retryAfterMs: number | undefined;

  constructor(where: Where & { why: string; retryAfterMs?: number | undefined }, options?: ErrorOptions) {
    super(
      `The forge cannot be reached (${where.route}: ${where.why}). Nothing is lost: it is asked again later.`,
      where,
      options,
    );
    this.retryAfterMs = where.retryAfterMs;
  }
}

/** What the forge wants and did not get. */
export type RefusalReason = keyof typeof remedies;

const remedies = {
  token: 'The token is missing, wrong or revoked, or its account may not sign in: give a valid one in the token file.',
  scope: 'The token lacks a scope: create one with the scopes that the settings page lists for this service.',
  right: 'The account of the token lacks the right: give it a place in the team or among the collaborators.',
  archived: 'The repository is archived: nobody can write there.',
  request: 'The forge does not accept the request as it is.',
} as const;

/** The forge understood and said no: 400, 401, 403, 409, 413, 422, 423. Somebody has to change something. */
export class ForgeRefused extends ForgeError {
  override readonly name = 'ForgeRefused';
  override readonly retry = 'never';
  readonly because: RefusalReason;

  constructor(where: Where & { because: RefusalReason; said: string }) {
    const said = where.said === '' ? '' : ` It said: "${where.said}"`;
    super(`The forge refused ${where.route} (${where.status}). ${remedies[where.because]}${said}`, where);
    this.because = where.because;
  }
}

/** Not there, or not visible to this token: the forge answers both alike. */
export class ForgeNotFound extends ForgeError {
  override readonly name = 'ForgeNotFound';
  override readonly retry = 'never';

  constructor(where: Where) {
    super(
      `The forge has nothing at ${where.route} that this token can see. Was it deleted, or is the account not allowed to read it?`,
      where,
    );
  }
}

/** Renamed or moved. The new place is not followed, since a redirected write would turn into a read: look it up by id. */
export class ForgeMoved extends ForgeError {
  override readonly name = 'ForgeMoved';
  override readonly retry = 'never';

  constructor(where: Where) {
    super(
      `${where.route} has moved (${where.status}): it was renamed or belongs to somebody else now. List the repositories to find its new name.`,
      where,
    );
  }
}

/** An answer that says neither yes nor no: 500, `null`, HTML, missing fields, an unexpected status. A write may have happened. */
export class ForgeAnswerUnusable extends ForgeError {
  override readonly name = 'ForgeAnswerUnusable';
  override readonly retry = 'later';

  constructor(where: Where & { why: string }, options?: ErrorOptions) {
    super(`The forge's answer to ${where.route} cannot be used: ${where.why}.`, where, options);
  }
}

/** A name or number that must not be put into a path. Nothing was asked. */
export class ForgeRequestInvalid extends ForgeError {
  override readonly name = 'ForgeRequestInvalid';
  override readonly retry = 'never';

  constructor(what: string, why: string) {
    super(`${what} cannot be asked of the forge: ${why}.`, { route: what });
  }
}
