import type { Violation } from '@cc-ci/recipes/policy';

/** The recipe asks for something that a commit under test may not have. The app's fault. */
export class RecipeRefused extends Error {
  override readonly name = 'RecipeRefused';
  readonly violations: readonly Violation[];
  constructor(violations: readonly Violation[]) {
    super(violations.map(({ problem, remedy }) => `${problem} ${remedy}`).join('\n'));
    this.violations = violations;
  }
}

/** `missing`: no such image, the app's fault. `limit`, `unreachable`, `disk`: the registry or this host, ours. */
export type ImageTrouble = 'missing' | 'limit' | 'unreachable' | 'disk';

/** An image cannot be had. */
export class ImageUnavailable extends Error {
  override readonly name = 'ImageUnavailable';
  readonly image: string;
  readonly registry: string;
  readonly kind: ImageTrouble;
  constructor(image: string, registry: string, kind: ImageTrouble, said: string) {
    const what: Record<ImageTrouble, string> = {
      missing: `There is no image \`${image}\` at ${registry}.`,
      limit: `${registry} refused \`${image}\`: pull limit.`,
      unreachable: `${registry} could not be asked for \`${image}\`.`,
      disk: `This host's disk has no room for \`${image}\`.`,
    };
    super(`${what[kind]} It said: ${said}`);
    this.image = image;
    this.registry = registry;
    this.kind = kind;
  }
}

/** The engine does not take the document. The app's fault. */
export class DeployRefused extends Error {
  override readonly name = 'DeployRefused';
  readonly said: string;
  constructor(said: string, options?: { cause: unknown }) {
    super(`Swarm does not accept this deployment: ${said}`, options);
    this.said = said;
  }
}

export type NotConvergedReason = 'rolled-back' | 'crash-loop' | 'unhealthy' | 'paused' | 'rejected' | 'unschedulable' | 'timeout';

/** A service does not come to run as the release says. The app's fault. */
export class NotConverged extends Error {
  override readonly name = 'NotConverged';
  readonly service: string;
  readonly reason: NotConvergedReason;
  /** Exit codes of the service's ended tasks, oldest first. */
  readonly exits: readonly number[];
  /** What ended the last of them, where it was not the app itself. */
  readonly endedBy: 'health-check' | 'out-of-memory' | undefined;
  /** Lines of log and of the engine's words about the tasks, oldest first. */
  readonly evidence: readonly string[];
  constructor(facts: {
    service: string;
    reason: NotConvergedReason;
    sentence: string;
    exits: readonly number[];
    endedBy?: NotConverged['endedBy'];
    evidence: readonly string[];
  }) {
    super(facts.sentence);
    this.service = facts.service;
    this.reason = facts.reason;
    this.exits = facts.exits;
    this.endedBy = facts.endedBy;
    this.evidence = facts.evidence;
  }
}

/** The engine of this host does not answer, or is not what it must be. Ours. */
export class EngineUnavailable extends Error {
  override readonly name = 'EngineUnavailable';
  constructor(doing: string, said: string, options?: { cause: unknown }) {
    super(`The Docker engine could not ${doing}: ${said}`, options);
  }
}

/** The docker CLI is missing, too old, or does not end. Ours. */
export class ToolUnfit extends Error {
  override readonly name = 'ToolUnfit';
  constructor(sentence: string, options?: { cause: unknown }) {
    super(sentence, options);
  }
}

/** A stack that is not this owner's already has the name. Ours. */
export class StackTaken extends Error {
  override readonly name = 'StackTaken';
  /** The name. */
  readonly taken: string;
  constructor(stack: string, what: string) {
    super(`The name \`${stack}\` is taken: ${what} belongs to somebody else. Nothing was touched.`);
    this.taken = stack;
  }
}
