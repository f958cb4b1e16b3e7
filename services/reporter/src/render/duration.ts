import { duration } from '@cc-ci/shared/service/duration';

/** A short length of time to the tenth of a second: `4.1 s`. @param milliseconds not below zero */
export function tenths(milliseconds: number): string {
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : duration(milliseconds);
}

/** What may be expected, from the shortest and the longest before: `4 to 6 min`. Both in milliseconds. */
export function durationRange(shortest: number, longest: number): string {
  if (longest < 60_000) return range(Math.floor(shortest / 1000), Math.ceil(longest / 1000), 's');
  return range(Math.max(1, Math.floor(shortest / 60_000)), Math.ceil(longest / 60_000), 'min');
}

/** The time of day, e.g. `14:09 UTC`. @param at Unix milliseconds */
export function clock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

/** Day and time, e.g. `2026-03-01 14:09 UTC`. @param at Unix milliseconds */
export function dateAndClock(at: number): string {
  return `${new Date(at).toISOString().slice(0, 10)} ${clock(at)}`;
}

function range(from: number, to: number, unit: string): string {
  return from === to ? `${to} ${unit}` : `${from} to ${to} ${unit}`;
}
