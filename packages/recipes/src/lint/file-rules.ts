import { interpolate, variablesIn } from '../interpolate.ts';
import type { ComposeFile, NamedAsWritten } from './compose-file.ts';
import { error, type LintFinding, type Place, warning } from './finding.ts';

/** What abra expects. */
const VERSION = '3.8';
/** What the docker CLI takes a missing version for, and `3`. */
const UNSTATED = '3.13';
/** abra's limit for the name of a secret, in characters: the stack's name comes before it, the version behind it. */
const LONGEST_SECRET_NAME = 12;

/** R001, and that an overlay can be deployed together with the file that it lies over. */
export function versionFindings(files: readonly ComposeFile[]): LintFinding[] {
  const base = files.find(({ file }) => file === 'compose.yml');
  return files.flatMap((each) => {
    const { file, version } = each;
    const place = { file, line: version?.line ?? null };
    const remedy = `write \`version: "${VERSION}"\` at the top of \`${file}\``;
    if (base && effective(each) !== effective(base)) {
      const said = version === undefined ? 'has no version' : `has version ${version.text}`;
      return [
        error('compose-version', place, [`it ${said}, and docker takes it only with the version of \`compose.yml\``, remedy]),
      ];
    }
    if (version?.text === VERSION) return [];
    return [warning('R001', place, [`its compose version is ${version?.text ?? 'not given'}, not ${VERSION}`, remedy])];
  });
}

function effective({ version }: ComposeFile): string {
  return version === undefined || version.text === '3' ? UNSTATED : version.text;
}

/** R015. */
export function secretFindings(files: readonly ComposeFile[]): LintFinding[] {
  return files.flatMap(({ file, secrets }) =>
    [...secrets]
      .filter(([name]) => name.length > LONGEST_SECRET_NAME)
      .map(([name, { line }]) =>
        warning('R015', { file, line }, [
          `the secret name \`${name}\` has more than ${LONGEST_SECRET_NAME} characters, which leaves little for that of the app`,
          `shorten the secret name \`${name}\``,
        ]),
      ),
  );
}

/** R012: a config never changes on a Swarm; a new text needs a new name, which abra.sh gives it. @param vendored what abra.sh exports */
export function configFindings(files: readonly ComposeFile[], vendored: ReadonlySet<string>): LintFinding[] {
  return files.flatMap(({ file, configs }) =>
    [...configs].flatMap(([key, config]) => {
      if (config.isExternal) return [];
      const versions = variablesIn(config.name ?? '').filter((name) => name !== 'STACK_NAME');
      if (versions.some((name) => vendored.has(name))) return [];
      const [version = `${key.toUpperCase().replaceAll(/\W/g, '_')}_VERSION`] = versions;
      const problem =
        versions.length === 0 ? 'has no version in its name' : `has a name that abra.sh knows no \`${version}\` for`;
      const named = versions.length === 0 ? ` and name the config \`\${STACK_NAME}_${key}_\${${version}}\`` : '';
      return [
        error('R012', { file, line: config.line }, [
          `the config \`${key}\` ${problem}, so an app that runs cannot be given a new text`,
          `export \`${version}\` in \`abra.sh\`${named}`,
        ]),
      ];
    }),
  );
}

/** One tree as far as the text of its configs goes. */
export interface ConfigTexts {
  readonly files: readonly ComposeFile[];
  readonly exports: Readonly<Record<string, string>>;
  /** By the path that a compose file names; absent where there is no such text. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A config whose text is another one under the name of before: Swarm refuses that to everybody who upgrades. */
export function changedConfigs(before: ConfigTexts, after: ConfigTexts): LintFinding[] {
  const known = new Map(namedConfigs(before).map(({ name, text }) => [name, text]));
  return namedConfigs(after).flatMap(({ key, name, text, place, variables }) => {
    const was = known.get(name);
    if (was === undefined || was === text) return [];
    const [version] = variables.filter((each) => Object.hasOwn(after.exports, each));
    const raise = version === undefined ? `give the config \`${key}\` a new name` : `raise \`${version}\` in \`abra.sh\``;
    return [error('config-version', place, [`the config \`${key}\` has another text than before under the same name`, raise])];
  });
}

function namedConfigs({ files, exports, texts }: ConfigTexts) {
  return files.flatMap(({ file, configs }) =>
    [...configs].flatMap(([key, config]: [string, NamedAsWritten]) => {
      const text = config.file === undefined ? undefined : texts.get(config.file);
      const written = config.name ?? `\${STACK_NAME}_${key}`;
      // Whatever only operators know is empty here, for both trees.
      const name = interpolate(written, exports);
      if (text === undefined || 'problem' in name) return [];
      const place: Place = { file, line: config.line };
      return [{ key, name: name.text, text, place, variables: variablesIn(written) }];
    }),
  );
}
