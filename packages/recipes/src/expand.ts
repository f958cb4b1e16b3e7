/** Linux gives a program at most about 2 MB of arguments and environment. */
export const MAX_ENVIRONMENT_CHARACTERS = 1_000_000;

/**
 * Expands `$X` and `${X}` as abra's reader does: an unknown variable is empty, `\$` is a dollar sign.
 * undefined where the result has more than `limit` characters.
 */
export function expand(value: string, known: Readonly<Record<string, string>>, limit: number): string | undefined {
  let left = limit - value.length;
  const expanded = value.replaceAll(
    /\\\$|\$(?:\{(?<braced>\w+)\}|(?<named>[A-Za-z_]\w*))/g,
    (whole, braced?: string, named?: string) => {
      if (whole === '\\$') return '$';
      const name = braced ?? named ?? '';
      const found = Object.hasOwn(known, name) ? (known[name] ?? '') : '';
      left -= found.length;
      // Once over the limit nothing is added any more, so that memory stays bounded too.
      return left < 0 ? '' : found;
    },
  );
  return left < 0 ? undefined : expanded;
}
