import { type LintFinding, warning } from './finding.ts';

/** What the catalogue is made from. */
const facts = ['Category', 'Status', 'Image', 'Healthcheck', 'Backups', 'Email', 'Tests', 'SSO'];

/** R007. @param readme undefined where there is none */
export function readmeFindings(readme: string | undefined): LintFinding[] {
  const place = { file: 'README.md', line: null };
  if (readme === undefined)
    return [warning('R007', place, ['there is none', 'add a `README.md` with the block `<!-- metadata -->`'])];
  const block = /<!--\s*metadata\s*-->(?<block>[\s\S]*?)<!--\s*endmetadata\s*-->/i.exec(readme)?.groups?.['block'];
  if (block === undefined)
    return [
      warning('R007', place, [
        'it has no block between `<!-- metadata -->` and `<!-- endmetadata -->`',
        'add the metadata that the catalogue is made from to `README.md`',
      ]),
    ];
  const missing = facts.filter((fact) => !new RegExp(`^\\s*[-*]\\s*\\**${fact}\\**\\s*:\\**[ \\t]*\\S`, 'im').test(block));
  if (missing.length === 0) return [];
  const names = missing.join(', ');
  return [warning('R007', place, [`its metadata does not say ${names}`, `fill in ${names} in the metadata of \`README.md\``])];
}
