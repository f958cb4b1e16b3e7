import { randomInt } from 'node:crypto';
import type { SecretSpec } from './secrets.ts';

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** What `charset=` may name, alone or combined by commas. */
const charsets = new Map(
  Object.entries({
    default: alphanumeric,
    alnum: alphanumeric,
    hex: '0123456789abcdef',
    special: '!@#$%^&*_-+=',
    /** Without what shells and connection strings stumble over. */
    safespecial: '!@#%^&*_-+=',
  }),
);

const consonants = 'bdfghjklmnprstvz';
const vowels = 'aeiou';
/** 6 words of 3 syllables of 80 kinds: 113 bits. */
const WORDS = 6;
const SYLLABLES = 3;

/** A fresh random value: `length` characters of the charset, or a passphrase where no length is asked for. */
export function generateSecret(spec: Pick<SecretSpec, 'length' | 'charset'>): string {
  if (spec.length === undefined)
    return repeat(WORDS, () => repeat(SYLLABLES, () => pick(consonants) + pick(vowels)).join('')).join('-');
  // abra takes its default for a charset that it does not know.
  const named = (spec.charset ?? 'default').split(',').map((name) => charsets.get(name.trim()) ?? alphanumeric);
  const characters = [...new Set(named.join(''))].join('');
  return repeat(spec.length, () => pick(characters)).join('');
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}

function repeat(times: number, make: () => string): string[] {
  return Array.from({ length: times }, make);
}
