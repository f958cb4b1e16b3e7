import { z } from 'zod';
import type { StackDocument } from './document.ts';

const section = z.strictObject;

const Limits = section({ cpus: z.union([z.string(), z.number()]).optional(), memory: z.string().optional() });
const Update = section({
  order: z.enum(['start-first', 'stop-first']).optional(),
  delay: z.string().optional(),
  monitor: z.string().optional(),
  max_failure_ratio: z.number().optional(),
});

/**
 * `compose.ccci.yml` beside cc-ci's own tests of a recipe: what this host needs so that the recipe runs on it. Whatever would be
 * tested instead of the commit's own is refused: an image pinned here once hid the very change under test.
 */
export const Overlay = section({
  version: z.string().optional(),
  services: z.record(
    z.string(),
    section({
      deploy: section({
        resources: section({ limits: Limits.optional(), reservations: Limits.optional() }).optional(),
        update_config: Update.optional(),
        rollback_config: Update.optional(),
      }).optional(),
      healthcheck: section({
        interval: z.string().optional(),
        timeout: z.string().optional(),
        retries: z.int().optional(),
        start_period: z.string().optional(),
        start_interval: z.string().optional(),
      }).optional(),
      stop_grace_period: z.string().optional(),
    }),
  ),
});
export type Overlay = z.infer<typeof Overlay>;

/**
 * The document with an overlay over it. Services that it does not have are passed over: a commit that drops one is not to be
 * blamed for a file of ours.
 */
export function laidOver(document: StackDocument, overlay: Overlay): StackDocument {
  const services = Object.entries(document.services).map(([name, service]) => {
    const over = overlay.services[name];
    return [name, over ? { ...service, ...merged(service, over) } : service] as const;
  });
  return { ...document, services: Object.fromEntries(services) };
}

type Tree = { readonly [key: string]: unknown };

function merged(under: Tree, over: Tree): Tree {
  const entries = Object.entries(over).map(([key, value]) => {
    const before = under[key];
    return [key, isTree(value) && isTree(before) ? merged(before, value) : value] as const;
  });
  return { ...under, ...Object.fromEntries(entries) };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
