import { exitCodes } from './errors.ts';
import { isSecretName, MASK, scrub } from './scrub.ts';

/** One thing that is wrong with the settings. */
export interface Mistake {
  /** The name of the setting, after the place in the file where there is one. */
  readonly where: string;
  /** What was read, fit to be shown; undefined: nothing. */
  readonly read?: string | undefined;
  /** Words that continue "expected"; undefined: nothing at all is expected under this name. */
  readonly expected?: string | undefined;
  /** The name that was probably meant. */
  readonly meant?: string | undefined;
}

/** The settings are wrong, so nothing was started. Holds all mistakes, not only the first. */
export class SettingsRefused extends Error {
  override readonly name = 'SettingsRefused';
  readonly exitCode = exitCodes.misconfigured;
  readonly mistakes: readonly Mistake[];

  /** `source`: where the settings come from, as a person would say it. */
  constructor(source: string, mistakes: readonly Mistake[], options?: ErrorOptions) {
    const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
    super([`Nothing was started: ${count} in ${source}.`, ...mistakes.map(line)].join('\n'), options);
    this.mistakes = mistakes;
  }
}

/** Longer values are cut: the line is about where to look, and the reader has the value. */
const MAX_SHOWN_CHARACTERS = 80;

/** The value that was read, as it may stand in a message: masked under a secret-like name, and never long. */
export function shown(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (isSecretName(name)) return MASK;
  const text = scrub(JSON.stringify(value) ?? String(value));
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

function line({ where, read, expected, meant }: Mistake): string {
  const facts = [
    expected === undefined ? 'not a known setting' : read === undefined ? 'not set' : `read ${read}`,
    expected !== undefined && `expected ${expected}`,
    meant !== undefined && `did you mean ${meant}?`,
  ];
  return `  ${where}: ${facts.filter(Boolean).join('; ')}`;
}
