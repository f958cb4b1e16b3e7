import { z } from 'zod';
import type { App, Owner } from './deployer.ts';

/** Labels of a resource as the engine reports them. */
export type Labels = Readonly<Record<string, string>>;

/** The commit that a service was deployed from. */
export const commitLabel = 'cc-ci.commit';
/** abra writes this many characters of a commit on what it deploys, and a mark behind them where the tree was not clean. */
export const CHAOS_VERSION_LENGTH = 8;
/** What `docker stack deploy` writes on everything that it creates. */
export const namespaceLabel = 'com.docker.stack.namespace';
/** On images that stand in for real ones; written by whoever builds them. */
export const standInLabel = 'org.coop-cloud.cc-ci.stand-in';

const instanceLabel = 'cc-ci.instance';
const Mark = z
  .object({
    'cc-ci.stack': z.string().min(1),
    [instanceLabel]: z.string().min(1),
    'cc-ci.host': z.string().min(1),
    'cc-ci.run': z.string().min(1),
    'cc-ci.attempt': z.coerce.number().int().positive(),
  })
  .transform((mark) => ({
    stack: mark['cc-ci.stack'],
    owner: { instance: mark[instanceLabel], host: mark['cc-ci.host'], run: mark['cc-ci.run'], attempt: mark['cc-ci.attempt'] },
  }));

type Owned = Pick<App, 'stack' | 'owner'>;

/** The labels that make a resource this app's. Whatever else a run starts on the host for its app must carry them too. */
export function ownerLabels({ stack, owner }: Owned): Record<string, string> {
  return {
    'cc-ci.stack': stack,
    [instanceLabel]: owner.instance,
    'cc-ci.host': owner.host,
    'cc-ci.run': owner.run,
    'cc-ci.attempt': String(owner.attempt),
  };
}

/** The engine's filter for everything of one instance. */
export function instanceFilter(instance: string): string {
  return `${instanceLabel}=${instance}`;
}

/** Whose a resource is, or undefined where its labels do not say so completely. */
export function ownerOf(labels: Labels): { stack: string; owner: Owner } | undefined {
  return Mark.safeParse(labels).data;
}

/**
 * Whether a resource is this app's: by its labels, or by its name where nobody has labelled it (a volume that the engine made for an
 * `external` mount). A stack's resource without our labels is somebody else's, whatever its name.
 */
export function belongsTo({ stack, owner }: Owned, resource: { readonly name: string; readonly labels: Labels }): boolean {
  const mark = ownerOf(resource.labels);
  if (mark) return mark.stack === stack && sameOwner(mark.owner, owner);
  const claimed = Object.keys(resource.labels).some((label) => label === namespaceLabel || label.startsWith('cc-ci.'));
  return !claimed && resource.name.startsWith(`${stack}_`);
}

function sameOwner(a: Owner, b: Owner): boolean {
  return a.instance === b.instance && a.host === b.host && a.run === b.run && a.attempt === b.attempt;
}
