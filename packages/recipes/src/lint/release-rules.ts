import semver from 'semver';
import { parseVersion } from '../versions.ts';
import type { ComposeFile, Written } from './compose-file.ts';
import { error, type LintFinding, type Place, warning } from './finding.ts';

const VERSION_LABEL = /^coop-cloud\.\$\{?STACK_NAME\}?\.version$/;

/** The recipe version that the labels state, and where. */
export function statedVersion(files: readonly ComposeFile[]): (Written & { file: string }) | undefined {
  const parts = files.flatMap(({ services }) => [...services.values()]);
  const labels = parts.flatMap(({ file, deployLabels }) => [...deployLabels].map(([key, value]) => ({ key, file, ...value })));
  return labels.find(({ key }) => VERSION_LABEL.test(key));
}

/** That abra can tell which version runs. @param tag the release that this very commit is, where it is one */
export function versionLabelFindings(files: readonly ComposeFile[], tag: string | undefined): LintFinding[] {
  const stated = statedVersion(files);
  if (!stated) {
    const remedy = 'give `app` the label `coop-cloud.<stack>.version` in `deploy`';
    return [error('version-label', { file: 'compose.yml', line: null }, ['no label says which version this is', remedy])];
  }
  if (stated.text.includes('$')) return [];
  if (!parseVersion(stated.text))
    return [
      error('version-label', stated, [
        `\`${stated.text}\` is not a version such as \`1.2.0+3.4.5\``,
        'write the version as `<recipe version>+<version of the app>`',
      ]),
    ];
  if (tag === undefined || tag === stated.text) return [];
  return [
    error('version-label', stated, [
      `the label says \`${stated.text}\`, and the release is \`${tag}\``,
      `give the label the version of the release`,
    ]),
  ];
}

/** That operators are told what a major version asks of them. @param before the version of the release before */
export function releaseNoteFindings(
  stated: Written | undefined,
  before: string | undefined,
  notes: Readonly<Record<string, string>>,
): LintFinding[] {
  const [from, to] = [parseVersion(before ?? ''), parseVersion(stated?.text ?? '')];
  if (!from || !to || semver.major(to.recipe) <= semver.major(from.recipe)) return [];
  if ([to.text, 'next'].some((name) => (notes[name] ?? '').trim() !== '')) return [];
  return [
    warning('release-note', { file: `release/${to.text}`, line: null }, [
      `\`${to.text}\` is a new major version after \`${from.text}\`, and nothing tells operators what to do`,
      `write \`release/${to.text}\` or \`release/next\``,
    ]),
  ];
}

/** R014: abra takes a release from its tag, and a lightweight one has neither author nor date. */
export function tagFindings(lightweight: readonly string[]): LintFinding[] {
  const releases = lightweight.filter((tag) => parseVersion(tag) !== undefined);
  const [first] = releases;
  if (first === undefined) return [];
  const [others, are] = releases.length > 1 ? [` and ${releases.length - 1} more`, 'are'] : ['', 'is'];
  return [
    error('R014', { file: `refs/tags/${first}`, line: null }, [
      `the tag \`${first}\`${others} ${are} not annotated`,
      `tag \`${first}\`${others} again with \`git tag -a\``,
    ]),
  ];
}

/** Variables that are new in `.env.sample`: operators keep their `.env` over an upgrade, so these are empty for them. */
export function newVariableFindings(files: readonly ComposeFile[], added: readonly string[]): LintFinding[] {
  return added.flatMap((name) => {
    const place = firstUseWithoutDefault(files, name);
    if (!place) return [];
    return [
      warning('new-variable', place, [
        `\`${name}\` is new in \`.env.sample\` and has no default here, so it is empty for everybody who upgrades`,
        `give \`${name}\` a default, as in \`\${${name}:-value}\``,
      ]),
    ];
  });
}

function firstUseWithoutDefault(files: readonly ComposeFile[], name: string): Place | undefined {
  const use = new RegExp(`(?<!\\$)\\$(?:${name}\\b|\\{${name}\\})`);
  for (const { file, text } of files) {
    const at = text.split('\n').findIndex((line) => !line.trimStart().startsWith('#') && use.test(line));
    if (at >= 0) return { file, line: at + 1 };
  }
  return undefined;
}
