/** What JSON can say, as Nix says it: one member on each line. */
export function nixText(value: unknown, indent = ''): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) return value.length === 0 ? '[ ]' : `[ ${value.map((each) => nixText(each, inner)).join(' ')} ]`;
  if (typeof value === 'string') return JSON.stringify(value).replaceAll('${', '\\${');
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return '{ }';
  const lines = members.map(([name, member]) => `${inner}${nixName(name)} = ${nixText(member, inner)};\n`);
  return `{\n${lines.join('')}${indent}}`;
}

/** The name of a member, quoted where Nix needs it. */
function nixName(name: string): string {
  return /^[A-Za-z_][\w'-]*$/.test(name) ? name : nixText(name);
}
