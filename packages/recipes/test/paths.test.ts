// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import { realpathSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judgePaths, pathsOf } from '../src/paths.ts';
import { checkout } from './checkout.ts';

const real = (path: string) => {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
};
const service = (lines: string) => `services:\n  app:\n    image: web\n    ${lines}\n`;

describe('the paths of a compose file', () => {
  it.each([
    ['one env_file', service('env_file: a.env'), ['a.env']],
    ['a list of them', service('env_file: [a.env, b.env]'), ['a.env', 'b.env']],
    ['a number, as it is written', service('env_file: 010'), ['010']],
    ['a quoted key and value', service('"env\\x5ffile": "\\x2fetc/shadow"'), ['/etc/shadow']],
    ['a config and a secret', 'configs: {a: {file: a.conf}}\nsecrets: {b: {file: b.key}}', ['a.conf', 'b.key']],
    ['an anchor that a merge key brings in', `x-a: &a {env_file: a.env}\n${service('<<: *a')}`, ['a.env']],
    ['a merge of merges', 'x-a: &a {file: a}\nx-b: &b {<<: *a}\nconfigs: {c: {<<: [*b]}}', ['a']],
    ['an alias as value', `x-a: &a [a.env]\n${service('env_file: *a')}`, ['a.env']],
    ['an alias as key', `x-a: &a env_file\n${service('*a : a.env')}`, ['a.env']],
    ['whole sections behind an alias', 'x-a: &a {c: {file: a}}\nconfigs: *a', ['a']],
    ['the file that a service extends', service('extends: {file: other.yml, service: web}'), ['other.yml']],
    ['the own file before a merged one', 'x-a: &a {file: a}\nconfigs: {c: {file: b, <<: *a}}', ['b']],
    ['the first of two merged ones', 'x-a: &a {file: a}\nx-b: &b {file: b}\nconfigs: {c: {<<: [*a, *b]}}', ['a']],
    ['nothing in a mapping that merges itself', 'configs: {c: &c {<<: *c}}', []],
    ['nothing where a service extends another', service('extends: web'), []],
    ['nothing under other keys', service('environment: {file: /etc/shadow}'), []],
  ])('are %s', (_, yaml, expected) => expect(pathsOf(yaml, 'compose.yml').map(({ path }) => path)).toEqual(expected));

  it('are told with their place', () => {
    expect(pathsOf(service('env_file:\n      - a.env'), 'compose.smtp.yml')).toEqual([
      { file: 'compose.smtp.yml', line: 5, path: 'a.env', key: 'env_file' },
    ]);
  });

  it.each([
    ['broken YAML', 'services: [', 'line 1: '],
    ['a list', '- a', 'line 1: this is not a compose file. It starts with keys such as `services:`.'],
    ['an alias to nothing', 'services: *a', 'line 1: nothing before is anchored as `&a`. Correct the alias.'],
    [
      'merge keys that double at each step',
      `x0: &x0 {a: b}\n${Array.from({ length: 40 }, (_, i) => `x${i + 1}: &x${i + 1} {<<: [*x${i}, *x${i}]}`).join('\n')}\nconfigs: {c: *x40}`,
      'line 1: its aliases and merge keys unfold without end.',
    ],
    ['a second document', 'a: 1\n---\nb: 1', 'line 2: a second YAML document begins here. Correct the YAML.'],
    // Each of these the docker CLI 28.2.2 reads as env_file: /etc/shadow, and another reader does not.
    [
      'a tag that encodes',
      service('env_file: !!binary L2V0Yy9zaGFkb3c='),
      'line 4: the YAML tag `tag:yaml.org,2002:binary` is not understood.',
    ],
    [
      'a carriage return in a comment',
      service('# x\r    env_file: /etc/shadow'),
      'line 4: not every reader sees the same end of this line.',
    ],
    ['a next-line mark in a comment', service('# x\u0085    env_file: /etc/shadow'), 'line 4: not every reader'],
    ['a line separator in a comment', service('# x\u2028    env_file: /etc/shadow'), 'line 4: not every reader'],
  ])('are unreadable in a file with %s', (_, yaml, message) => {
    expect(() => pathsOf(yaml, 'compose.yml')).toThrow(`\`compose.yml\` ${message}`);
  });
});

describe('a path in a compose file', () => {
  const files = {
    'a.env': '',
    'sub/b.env': '',
    '.git/config': '',
    '../secret': '',
    'out.env': { linkTo: '/etc/hostname' },
    'up.env': { linkTo: '../secret' },
    etc: { linkTo: '/etc' },
    'link.env': { linkTo: 'a.env' },
    'looks-like': { linkTo: '../checkout-of-another' },
    '../checkout-of-another/a.env': '',
  };
  const judged = async (path: string, file = 'compose.yml') => {
    const folder = await checkout(files);
    const sources = [{ file, text: service(`env_file: "${path}"`) }];
    return judgePaths({ folder, sources }, { OUT: '/etc/hostname', IN: 'a.env' }, real);
  };

  it.each(['a.env', './sub/../a.env', 'link.env', 'sub/b.env', '${IN}', '${NOPE:-a.env}', 'not-there.env'])(
    'may be %s',
    async (path) => {
      expect(await judged(path)).toEqual([]);
    },
  );

  it('is taken from the folder of the first file', async () => {
    expect(await judged('../a.env', 'sub/compose.yml')).toEqual([]);
    expect(await judged('../../secret', 'sub/compose.yml')).toHaveLength(1);
  });

  it.each([
    ['absolute', '/etc/hostname'],
    ['above the checkout', '../secret'],
    ['above it and not there', '../nope'],
    ['a symlink to the host', 'out.env'],
    ['a symlink upwards', 'up.env'],
    ['through a linked folder', 'etc/hostname'],
    ['beside the checkout with the same beginning', 'looks-like/a.env'],
    ['what git keeps', '.git/config'],
    ['a variable that leads out', '${OUT}'],
    ['a default that leads out', '${NOPE:-/etc/hostname}'],
    ['a device', '/dev/stdin'],
  ])('is refused when it is %s', async (_, path) => {
    expect(await judged(path)).toEqual([
      expect.objectContaining({
        rule: 'path-outside',
        key: 'compose.yml:4 env_file',
        problem: expect.stringContaining('leads out of the recipe.'),
      }),
    ]);
  });

  it('is unreadable when it cannot be interpolated', async () => {
    await expect(judged('${NOPE:?set me}')).rejects.toThrow('`compose.yml` line 4: variable `NOPE` needs a value (set me).');
  });

  it.each(['configs', 'secrets'])('is judged in %s of every file', async (kind) => {
    const folder = await checkout({});
    const sources = [
      { file: 'compose.yml', text: service('init: true') },
      { file: 'compose.more.yml', text: `${kind}: {x: {file: /etc/shadow}}` },
    ];
    expect(judgePaths({ folder, sources }, {}, real)).toEqual([
      expect.objectContaining({ key: `compose.more.yml:1 ${kind}.x.file`, value: '/etc/shadow' }),
    ]);
  });
});
