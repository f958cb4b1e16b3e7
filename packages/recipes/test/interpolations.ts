// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.

/** What the values below are interpolated with. */
export const environment = { X: 'value', EMPTY: '' };

/** A value of a compose file, and what the docker CLI makes of it; `docker-cli.system.test.ts` asks it. */
export const interpolations: [value: string, text: string][] = [
  ['$X', 'value'],
  ['${X}', 'value'],
  ['${NOPE}', ''],
  ['${X:-d}', 'value'],
  ['${NOPE:-d}', 'd'],
  ['${NOPE-d}', 'd'],
  ['${EMPTY:-d}', 'd'],
  ['${EMPTY-d}', ''],
  ['${NOPE:-}', ''],
  ['$NOPE:-foo bar', 'foo bar'],
  ['$$X', '$X'],
  ['$$', '$'],
  ['${A:-${B}}', '${B}'],
  ['${NOPE:-a$X}', 'a$X'],
  ['${NOPE-a:-b}', 'b'],
  ['${X:?needed}', 'value'],
  ['a${X}b$X', 'avaluebvalue'],
  ['${x}', ''],
];

/** Values that the docker CLI refuses. */
export const noInterpolations = [
  '$1',
  '$',
  'a$',
  '${X',
  '${X:+alt}',
  '$(id)',
  '${}',
  '${NOPE:?set me}',
  '${EMPTY:?}',
  '${NOPE?}',
];
