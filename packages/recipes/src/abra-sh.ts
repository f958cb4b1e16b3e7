import { expand, MAX_ENVIRONMENT_CHARACTERS } from './expand.ts';

/** An export whose value only a shell could tell. */
export interface LeftOut {
  readonly name: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What abra.sh exports at its top level. */
export interface AbraShExports {
  readonly exports: Readonly<Record<string, string>>;
  readonly leftOut: readonly LeftOut[];
}

const word = /^(?<name>[A-Za-z_]\w*)=(?<value>(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s;'"\\#&|<>()]|(?<=\S)#)*)/;

/**
 * Reads the `export NAME=value` lines of abra.sh without running it: those that begin in the first column, as outside of functions.
 * Quotes and variables exported before are resolved; what a shell would have to compute is left out and listed.
 */
export function readExports(text: string): AbraShExports {
  const exports: Record<string, string> = {};
  const leftOut: LeftOut[] = [];
  let left = MAX_ENVIRONMENT_CHARACTERS;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    let rest = /^export\s+(?<words>.*)$/.exec(line)?.groups?.['words'] ?? '';
    for (let match = word.exec(rest); match; match = word.exec(rest)) {
      const name = match.groups?.['name'] ?? '';
      const value = evaluate(match.groups?.['value'] ?? '', exports, left);
      rest = rest.slice(match[0].length);
      if (value === undefined || !/^(?:\s|;|$)/.test(rest)) {
        leftOut.push({ name, line: index + 1 });
        break;
      }
      left -= value.length;
      exports[name] = value;
      rest = rest.trimStart();
    }
  }
  return { exports, leftOut };
}

/** The value of one shell word, or undefined where it takes a shell (command substitution, parameter operators) or is beyond the limit. */
function evaluate(shellWord: string, known: Readonly<Record<string, string>>, limit: number): string | undefined {
  const parts = shellWord.match(/'[^']*'|"(?:\\.|[^"\\])*"|(?:\\.|[^'"\\])+/g) ?? [];
  const values = parts.map((part) => {
    if (part.startsWith("'")) return part.slice(1, -1);
    const text = part.startsWith('"') ? part.slice(1, -1) : part;
    if (/(?<!\\)(?:`|\$\(|\$\{\w*[^\w}])/.test(text)) return undefined;
    return expand(text, known, limit)?.replaceAll(/\\(.)/g, '$1');
  });
  return values.includes(undefined) ? undefined : values.join('');
}
