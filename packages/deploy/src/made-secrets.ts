import { knownSecret, MIN_SECRET_LENGTH } from '@cc-ci/shared/service/scrub';

/** The secrets that were generated for apps, masked in everything that is said for as long as the app may exist. */
export interface MadeSecrets {
  made(stack: string, value: string): void;
  /** The app is gone, and its secrets with it. */
  gone(stack: string): void;
}

export function openMadeSecrets(): MadeSecrets {
  const forget = new Map<string, (() => void)[]>();
  return {
    made(stack, value) {
      // A shorter one would blot out ordinary words; the recipe asked for it.
      if (value.length < MIN_SECRET_LENGTH) return;
      forget.set(stack, [...(forget.get(stack) ?? []), knownSecret(value)]);
    },
    gone(stack) {
      for (const each of forget.get(stack) ?? []) each();
      forget.delete(stack);
    },
  };
}
