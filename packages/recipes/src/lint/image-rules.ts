import { type ComposeFile, written } from './compose-file.ts';
import { type LintFinding, warning } from './finding.ts';

/** Stands in for a variable, whose value only operators know. */
const VARIABLE = '\u0000';
/** `1`, `v1.2`, `1.2.3-alpine`, `15.4_2`: a tag from which a newer release can be told. */
const semverLike = /^v?\d+(?:\.\d+)*(?:[-._+]?[a-z0-9][\w.-]*)?$/i;

/** R003, R004, R005: an image is named so that everybody gets the same one, and a newer one can be found. */
export function imageFindings(files: readonly ComposeFile[]): LintFinding[] {
  return files.flatMap(({ file, raw, services }) =>
    [...services].flatMap(([name, { fields }]) => {
      const image = written(raw, fields.get('image'));
      const found = image && judge(image.text);
      if (!found) return [];
      const [rule, problem, remedy] = found;
      const subject = `\`${image.text}\` of \`${name}\``;
      return [warning(rule, { file, line: image.line }, [`${subject} ${problem}`, `give ${subject} ${remedy}`])];
    }),
  );
}

function judge(image: string): readonly [rule: string, problem: string, remedy: string] | undefined {
  const [reference = '', digest] = image.replaceAll(/\$(?:\{[^}]*\}|\w+)/g, VARIABLE).split('@');
  // The colon before a registry's port is none before a tag.
  const [, tag] = (reference.split('/').at(-1) ?? '').split(':');
  if (tag?.includes(VARIABLE) || (tag === undefined && reference.endsWith(VARIABLE))) return undefined;
  if (tag === undefined) {
    const moves = digest === undefined ? ', so it is another image every month' : '';
    return ['R003', `has no tag${moves}`, 'the tag of a release'];
  }
  if (tag === 'latest') return ['R004', 'has a tag that moves', 'the tag of a release'];
  return semverLike.test(tag) ? undefined : ['R005', 'has a tag that does not read as a version', 'a tag that is a version'];
}
