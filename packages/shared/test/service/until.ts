import { vi } from 'vitest';

/** Generous, since it is only waited for in full when something is broken. */
const DEADLINE_MS = 30_000;

/** Waits until the condition holds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(condition, { timeout: DEADLINE_MS, interval: 20 });
}
