/** An answer of the forge that is no success; thrown by the rules, turned into Gitea's error body at the edge. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  /** An empty `message` is what Gitea says of a 500. */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const notFound = () => new Refusal(404, "The target couldn't be found.");
export const failedInside = () => new Refusal(500, '');

/** A renamed repository: 301 to where it is now. */
export class Renamed extends Error {
  override readonly name = 'Renamed';
  readonly owner: string;
  readonly repository: string;

  constructor(owner: string, repository: string) {
    super(`is ${owner}/${repository} now`);
    this.owner = owner;
    this.repository = repository;
  }
}
