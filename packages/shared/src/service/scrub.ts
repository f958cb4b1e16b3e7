/** What stands where a secret was. */
export const MASK = '[secret]';

/** A shorter value would blot out ordinary words wherever it stands, so it cannot be masked. */
export const MIN_SECRET_LENGTH = 8;

/** Every spelling of every secret that is in use, and how often it was made known. Rotated ones stay: somebody may still say them. */
const known = new Map<string, number>();

/** Credentials that show themselves by where they stand. `$1` is what may stay. */
const shapes: readonly RegExp[] = [
  // https://user:password@host
  /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]+(?=@)/gi,
  // Authorization: Bearer …, also quoted, also quoted within JSON
  /(\bauthorization\\?["']?\s*[:=]\s*\\?["']?(?:(?:bearer|basic|token)\s+)?)[^\s"',;\\]+/gi,
  // ?access_token=…
  /([?&](?:access_token|token|secret|password|api_key|signature)=)[^&\s"'#\\]+/gi,
];

/**
 * From now on this value is masked in all that `scrub` sees. @returns what ends that, for a secret that is gone from the world
 * Throws a RangeError when it is too short for that; the value is not in the message.
 */
export function knownSecret(value: string): () => void {
  if (value.length < MIN_SECRET_LENGTH) {
    throw new RangeError(`A secret of ${value.length} characters cannot be masked: it needs ${MIN_SECRET_LENGTH} or more.`);
  }
  // Within a line of JSON, or a URL, the same secret is spelled differently.
  const spellings = [...new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), ...encoded(value)])];
  for (const spelling of spellings) known.set(spelling, (known.get(spelling) ?? 0) + 1);
  let told = false;
  return () => {
    if (told) return;
    told = true;
    for (const spelling of spellings) forgetOnce(spelling);
  };
}

/** As tools print what they were given: in hex, and in base64, as in a header or in whatever else the secret was part of. */
function encoded(value: string): string[] {
  const bytes = Buffer.from(value);
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    // The characters at both ends may also stand for what is beside the secret.
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6)];
    return [whole.toString('base64').slice(from, to), whole.toString('base64url').slice(from, to)];
  });
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase(), ...inBase64].filter((spelling) => spelling.length >= MIN_SECRET_LENGTH);
}

function forgetOnce(spelling: string): void {
  const left = (known.get(spelling) ?? 1) - 1;
  if (left === 0) known.delete(spelling);
  else known.set(spelling, left);
}

/** The text without secrets: those that are known, and those that show themselves by where they stand. */
export function scrub(text: string): string {
  let scrubbed = text;
  for (const secret of known.keys()) scrubbed = scrubbed.replaceAll(secret, MASK);
  for (const shape of shapes) scrubbed = scrubbed.replace(shape, `$1${MASK}`);
  return scrubbed;
}

/** Whether a value of this name is likely a secret. The path of a file that holds one is not. */
export function isSecretName(name: string): boolean {
  if (/(?:file|path|dir)$/i.test(name)) return false;
  return /token|secret|passw|passphrase|authorization|cookie|credential|signature|api[-_]?key|private[-_]?key/i.test(name);
}
