// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import { describe, expect, it } from 'vitest';
import type { LintFinding } from '../src/lint/finding.ts';
import { lint, type Releases } from '../src/lint/lint.ts';
import { readTree } from '../src/lint/tree.ts';
import { readRecipe } from '../src/recipe.ts';
import { checkout } from './checkout.ts';

type Files = Record<string, string>;

const compose = `---
version: "3.8"
services:
  app:
    image: nginx:1.25.3
    configs: [page]
    healthcheck:
      test: ["CMD", "true"]
      interval: 5s
    deploy:
      labels:
        - "traefik.enable=true"
        - "coop-cloud.\${STACK_NAME}.version=1.1.0+1.25.3"
configs:
  page:
    name: \${STACK_NAME}_page_\${PAGE_VERSION}
    file: page.html
`;

const readme = `<!-- metadata -->
* **Category**: Apps
* **Status**: 1
* **Image**: [\`nginx\`](https://example.com), 4, upstream
* **Healthcheck**: Yes
* **Backups**: No
* **Email**: N/A
* **Tests**: No
* **SSO**: N/A
<!-- endmetadata -->
`;

const flawless: Files = {
  'compose.yml': compose,
  '.env.sample': 'TYPE=page\nDOMAIN=page.example.com\n',
  'abra.sh': 'export PAGE_VERSION=v1\n',
  'README.md': readme,
  'page.html': 'hello\n',
};

const tree = async (files: Files) => readTree(await readRecipe(await checkout(files), 'page'));

/** What lint holds against the flawless recipe with these files instead. With `before`, it is compared with those. */
async function found(
  files: Files,
  { before, ...releases }: Partial<Omit<Releases, 'before'>> & { before?: Files } = {},
): Promise<LintFinding[]> {
  return lint(await tree({ ...flawless, ...files }), {
    before: before && { tree: await tree({ ...flawless, ...before }), version: '1.0.0+1.25.3' },
    lightweight: [],
    tag: undefined,
    ...releases,
  });
}

const brief = ({ severity, rule, file, line }: LintFinding): string => `${severity} ${rule} ${file}:${line ?? ''}`;
const edit = (from: string, to: string): Files => {
  expect(compose).toContain(from);
  return { 'compose.yml': compose.replace(from, to) };
};
const overlay = (service: string, version = 'version: "3.8"\n'): Files => ({
  'compose.extra.yml': `${version}services:\n${service}`,
});

describe('lint', () => {
  it('holds nothing against a recipe in order', async () => {
    expect(await found({})).toEqual([]);
    expect(await found({}, { before: {}, tag: '1.1.0+1.25.3' })).toEqual([]);
  });

  it.each<[what: string, files: Files, expected: string]>([
    ['another compose version', edit('"3.8"', '"3.9"'), 'warning R001 compose.yml:2'],
    ['no compose version', edit('version: "3.8"\n', ''), 'warning R001 compose.yml:'],
    ['a service without a health check', edit('    healthcheck:', '    x-was:'), 'warning R002 compose.yml:5'],
    ['an image without a tag', edit('nginx:1.25.3', 'registry.example.com:5000/nginx'), 'warning R003 compose.yml:5'],
    ['an image that is only a digest', edit('nginx:1.25.3', `nginx@sha256:${'a'.repeat(64)}`), 'warning R003 compose.yml:5'],
    ['the tag that moves', edit('nginx:1.25.3', 'nginx:latest'), 'warning R004 compose.yml:5'],
    ['a tag that is no version', edit('nginx:1.25.3', 'nginx:bookworm'), 'warning R005 compose.yml:5'],
    ['no README', { 'README.md': '' }, 'warning R007 README.md:'],
    ['an empty fact in the README', { 'README.md': readme.replace(': Apps', ':') }, 'warning R007 README.md:'],
    ['no service `app`', edit('  app:', '  web:'), 'error R009 compose.yml:'],
    ['no way in', edit('enable=true', 'enable=false'), 'error R010 compose.yml:5'],
    ['a service without an image', edit('    image: nginx:1.25.3\n', ''), 'error R011 compose.yml:5'],
    ['a config without a version', edit('_${PAGE_VERSION}', ''), 'error R012 compose.yml:16'],
    ['a config whose version abra.sh does not know', { 'abra.sh': '' }, 'error R012 compose.yml:16'],
    [
      'a long name of a secret',
      edit('configs:\n  page', 'secrets: { thirteenlongs: { external: true } }\nconfigs:\n  page'),
      'warning R015 compose.yml:14',
    ],
    ['no version label', edit('coop-cloud.', 'coop.'), 'error version-label compose.yml:'],
    ['a version label that is no version', edit('1.1.0+1.25.3', '1.25'), 'error version-label compose.yml:13'],
    ['a duration with a variable', edit('interval: 5s', 'interval: ${EVERY:-5s}'), 'error duration compose.yml:9'],
    ['a key that does nothing', edit('    image:', '    container_name: web\n    image:'), 'warning ignored-key compose.yml:5'],
    [
      'an overlay of another version',
      overlay('  app: { stop_grace_period: 5s }\n', ''),
      'error compose-version compose.extra.yml:',
    ],
    ['an overlay that is no YAML', { 'compose.extra.yml': 'services: [\n' }, 'error unreadable compose.extra.yml:2'],
    ['a submodule', { '.gitmodules': '[submodule "theme"]\n' }, 'warning submodule .gitmodules:'],
    ['large files', { '.gitattributes': '*.png filter=lfs diff=lfs\n' }, 'warning large-file .gitattributes:'],
  ])('finds %s', async (_, files, expected) => {
    expect((await found(files)).map(brief)).toEqual([expected]);
  });

  it.each<[what: string, files: Files]>([
    ['a tag that operators choose', edit('nginx:1.25.3', 'nginx:${TAG:-1.25.3}')],
    ['an image that operators choose', edit('nginx:1.25.3', '${IMAGE}')],
    ['the app of an overlay without an image of its own', overlay('  app: { environment: [LOUD] }\n')],
    ['a recipe without a domain and without a way in', { ...edit('enable=true', 'enable=false'), '.env.sample': 'TYPE=page\n' }],
    [
      'labels as a mapping',
      edit(
        '- "traefik.enable=true"\n        - "coop-cloud.${STACK_NAME}.version=1.1.0+1.25.3"',
        'traefik.enable: "true"\n        coop-cloud.${STACK_NAME}.version: 1.1.0+1.25.3',
      ),
    ],
    ['a config version that only a shell could tell', { 'abra.sh': 'export PAGE_VERSION=$(date +%s)\n' }],
    ['a version of compose files in a folder of git', { '.git/compose.yml': 'nothing' }],
  ])('holds nothing against %s', async (_, files) => {
    expect(await found(files)).toEqual([]);
  });

  it('reads every compose file of the tree, also one that is not enabled and one in a folder', async () => {
    const sidekiq = 'version: "3.8"\nservices:\n  sidekiq:\n    command: work\n';
    const all = await found({ 'compose.smtp.yml': sidekiq, 'mail/compose.mail.yaml': sidekiq.replace('sidekiq', 'relay') });
    expect(all.map(brief)).toEqual(['error R011 compose.smtp.yml:4', 'error R011 mail/compose.mail.yaml:4']);
    expect(all[0]?.remedy).toBe('give `sidekiq` in `compose.smtp.yml` an image');
  });

  it('says where labels belong that nobody reads', async () => {
    const misplaced = await found(edit('    deploy:\n      labels:\n        -', '    labels:\n        -'));
    expect(misplaced.map(({ rule, remedy }) => `${rule}: ${remedy}`)).toEqual([
      'version-label: give `app` the label `coop-cloud.<stack>.version` in `deploy`',
      'R010: move the labels of `app` into its `deploy`',
      'label-level: move `traefik.enable` to the labels in `deploy` of `app`',
      'label-level: move `coop-cloud.${STACK_NAME}.version` to the labels in `deploy` of `app`',
    ]);
  });

  it('names errors before warnings', async () => {
    const both = await found({ 'README.md': '', ...edit('interval: 5s', 'interval: $EVERY') });
    expect(both.map(({ severity }) => severity)).toEqual(['error', 'warning']);
  });
});

describe('lint beside the releases', () => {
  it.each<[what: string, files: Files, releases: Parameters<typeof found>[1], expected: string[]]>([
    [
      'a release tag that is not annotated',
      {},
      { lightweight: ['1.0.0+1.25.3', 'nightly'] },
      ['error R014 refs/tags/1.0.0+1.25.3:'],
    ],
    ['no fault in other tags', {}, { lightweight: ['nightly'] }, []],
    ['a release under another version than its label', {}, { tag: '1.2.0+1.25.3' }, ['error version-label compose.yml:13']],
    [
      'a config that changed under its old name',
      { 'page.html': 'goodbye\n' },
      { before: {} },
      ['error config-version compose.yml:16'],
    ],
    [
      'no fault in one that has a new name',
      { 'page.html': 'goodbye\n', 'abra.sh': 'export PAGE_VERSION=v2\n' },
      { before: {} },
      [],
    ],
    [
      'a new variable without a default',
      {
        ...edit('    image:', '    environment: ["LOUD=${LOUD}"]\n    image:'),
        '.env.sample': 'TYPE=page\nDOMAIN=page.example.com\nLOUD=1\n',
      },
      { before: {} },
      ['warning new-variable compose.yml:5'],
    ],
    [
      'no fault in one that has a default',
      {
        ...edit('    image:', '    environment: ["LOUD=${LOUD:-}"]\n    image:'),
        '.env.sample': 'TYPE=page\nDOMAIN=page.example.com\nLOUD=1\n',
      },
      { before: {} },
      [],
    ],
    ['a major version without a note', edit('1.1.0+', '2.0.0+'), { before: {} }, ['warning release-note release/2.0.0+1.25.3:']],
    ['no fault in one with a note', { ...edit('1.1.0+', '2.0.0+'), 'release/next': 'Mind the step.\n' }, { before: {} }, []],
  ])('finds %s', async (_, files, releases, expected) => {
    expect((await found(files, releases)).map(brief)).toEqual(expected);
  });
});
