import type { NotConverged } from '@cc-ci/deploy/errors';
import type { Tier } from '@cc-ci/shared/contract/glossary';
import { knownCause } from './known-causes.ts';
import { code, withoutNeighbours } from './words.ts';

/** A sentence and what to do about it. */
export interface Said {
  readonly sentence: string;
  readonly remedy: string;
}

/** What apps say when it is clear what is wrong. The first that matches counts. */
const known: readonly { readonly says: RegExp; readonly sentence: (service: string) => string; readonly remedy: string }[] = [
  {
    // PostgreSQL, MariaDB and MongoDB on a data folder of another major version.
    says: /database files are incompatible with server|data directory was initialized by|incompatible with (?:the )?(?:data ?files|current version)|unsupported redo log format|wiredtiger.*version incompatible|featurecompatibilityversion/i,
    sentence: (service) => `${service} does not start on the data of the version before.`,
    remedy: 'Stay on the version before, or move the data in the upgrade and say so in `release/next`; push, then ask again.',
  },
];

/** Where the app itself says what is wrong. */
const READ_ON = 'Its last lines say why: mend that, push, then ask again.';
const LOOK_AT_HEALTH = 'Look at what the health check calls, whether that is in the image, and at the last lines of the service.';
const LONGER = 'If it only needs longer, say so in the label `coop-cloud.<stack>.timeout`.';
/** 128 + SIGKILL: nobody but the kernel ends a container this way on its own. */
const KILLED = 137;

/** Says why a service did not come to run, for the comment. */
export function notConvergedInWords(error: NotConverged, tier: Tier | null, stack: string): Said {
  const service = code(error.service);
  const match = tier === 'upgrade' ? known.find(({ says }) => error.evidence.some((line) => says.test(line))) : undefined;
  if (match) return { sentence: match.sentence(service), remedy: match.remedy };
  const { sentence, remedy } = byReason(error, service, tier);
  // Where Swarm itself says what is wrong, the app has not come to say anything.
  const cause = error.reason === 'unschedulable' ? undefined : knownCause(error.evidence);
  if (!cause) return { sentence: withoutNeighbours(sentence, stack), remedy };
  return { sentence: withoutNeighbours(`${sentence} By its last lines, ${cause.clause}.`, stack), remedy: cause.remedy };
}

function byReason(error: NotConverged, service: string, tier: Tier | null): Said {
  const when = tier === 'upgrade' ? ' after the upgrade' : '';
  const ended = endings(error);
  const read = error.endedBy === 'health-check' ? LOOK_AT_HEALTH : READ_ON;
  switch (error.reason) {
    case 'rolled-back':
      return {
        sentence: `${service} does not run in the new version${ended && `: it ${ended}`}, and Swarm went back to the one before.`,
        remedy: `${read} Existing installations would be taken back in the same way.`,
      };
    case 'crash-loop':
      return { sentence: `${service} does not stay up${when}${ended && `: it ${ended}`}.`, remedy: read };
    case 'unhealthy':
      return {
        sentence: `${service} starts${when}, but its health check does not pass.`,
        remedy: LOOK_AT_HEALTH,
      };
    case 'paused':
      return { sentence: `Swarm stopped the upgrade of ${service} half way${ended && `: it ${ended}`}.`, remedy: read };
    case 'rejected':
      return {
        sentence: `The engine cannot start ${service}.`,
        remedy:
          'The words of the engine say why: mend the command, the mounts or the image that they name; push, then ask again.',
      };
    case 'unschedulable':
      return {
        sentence: `No node can take ${service}.`,
        remedy: 'Look at the placement constraints and at the resources that the service reserves.',
      };
    case 'timeout':
      return { sentence: error.message, remedy: ended === '' ? LONGER : `${read} ${LONGER}` };
  }
}

/** "exited 3 times (code 1)", or nothing where no task ended. */
function endings({ exits, endedBy }: NotConverged): string {
  if (endedBy === 'health-check') return 'was ended since its health check did not pass';
  const last = exits.at(-1);
  if (last === undefined) return '';
  const times = exits.length === 1 ? 'exited' : `exited ${exits.length} times`;
  if (endedBy === 'out-of-memory') return `${times} (out of memory)`;
  return last === KILLED ? `${times} (killed, code 137; often too little memory)` : `${times} (code ${last})`;
}
