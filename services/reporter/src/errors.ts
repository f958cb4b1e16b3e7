import type { Subject } from '@cc-ci/shared/contract/ids';

/** A page kept changing under our hands. It is tried again later. */
export class PageUnsettled extends Error {
  override readonly name = 'PageUnsettled';
  readonly subject: Subject;
  readonly rounds: number;

  constructor(subject: Subject, rounds: number) {
    super(
      `The page of ${subject} did not become what it should be in ${rounds} rounds: somebody else writes there. It is tried again.`,
    );
    this.subject = subject;
    this.rounds = rounds;
  }
}

/** The pages are made from records, and there are none to be had at the moment. */
export class RecordsAway extends Error {
  override readonly name = 'RecordsAway';
  readonly statusCode = 503;

  constructor() {
    super('Redis does not answer, so there is nothing to show at the moment. Runs are not lost; please try again in a minute.');
  }
}
