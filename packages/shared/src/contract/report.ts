import { z } from 'zod';

/** Every comment of ours carries one, so that a lost answer to a POST is healed by looking before writing again. */
export const Marker = z.string().regex(/^<!-- cc-ci:[a-z]+:[a-z0-9-]+:[a-z0-9-]+ -->$/);
export type Marker = z.infer<typeof Marker>;

/** The marker of a run's comment: one while it goes on, another one for its result. */
export function runMarker(instance: string, run: string, part: 'progress' | 'result'): Marker {
  return `<!-- cc-ci:${part}:${instance}:${run} -->`;
}

/** The marker of a reply to a comment. */
export function replyMarker(instance: string, commentId: number): Marker {
  return `<!-- cc-ci:reply:${instance}:${commentId} -->`;
}
