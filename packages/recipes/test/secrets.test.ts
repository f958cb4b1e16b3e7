// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../src/document.ts';
import { parseEnvSample } from '../src/env-sample.ts';
import { generateSecret } from '../src/generate-secret.ts';
import { requireNames } from '../src/names.ts';
import { secretsToGenerate } from '../src/secrets.ts';

/** What one external secret `key` becomes, from its name as written and interpolated. */
function specOf(written: string, sample: string, name = 'wiki_key_v1') {
  const document = parseDocument(
    `version: "3.8"\nservices: {app: {image: x, secrets: [{source: key}]}}\nsecrets: {key: {name: ${name}, external: true}}\n`,
  );
  const sources = [{ file: 'compose.yml', text: `services: {}\nsecrets:\n  key:\n    external: true\n    name: ${written}\n` }];
  return secretsToGenerate(document, { sources, sample: parseEnvSample(sample) }, 'wiki');
}

describe('the secrets to generate', () => {
  it.each([
    [
      'by the variable in the name',
      '${STACK_NAME}_key_${SECRET_KEY_VERSION}',
      'SECRET_KEY_VERSION=v1 # length=32 charset=hex',
      32,
      'hex',
    ],
    ['by a variable of another form', '${STACK_NAME}_key_${SECRET_OVH}', 'SECRET_OVH=v1 # length=20', 20, undefined],
    [
      'by a variable with a default',
      '${STACK_NAME}_key_${SECRET_KEY_VERSION:-v1}',
      'SECRET_KEY_VERSION=v1 # length=20',
      20,
      undefined,
    ],
    [
      'as a passphrase without modifiers',
      '${STACK_NAME}_key_${SECRET_KEY_VERSION}',
      'SECRET_KEY_VERSION=v1',
      undefined,
      undefined,
    ],
    ['as a passphrase with a fixed name', '${STACK_NAME}_key_v1', 'SECRET_KEY_VERSION=v1 # length=32', undefined, undefined],
  ])('are known %s', (_, written, sample, length, charset) => {
    expect(specOf(written, sample)).toEqual([{ name: 'wiki_key_v1', key: 'key', length, charset, generate: true }]);
  });

  it('say when operators insert them by hand', () => {
    expect(specOf('${STACK_NAME}_key_${SECRET_KEY_VERSION}', 'SECRET_KEY_VERSION=v1 # generate=false')).toMatchObject([
      { generate: false },
    ]);
  });

  it('take their name from the last file that defines them', () => {
    const document = parseDocument(
      'version: "3.8"\nservices: {app: {image: x, secrets: [{source: key}]}}\nsecrets: {key: {name: wiki_key_v2, external: true}}\n',
    );
    const sources = [
      { file: 'compose.yml', text: 'secrets: {key: {external: true, name: "${STACK_NAME}_key_${OLD}"}}' },
      { file: 'compose.more.yml', text: 'secrets: {key: {external: {name: "${STACK_NAME}_key_${NEW}"}}}' },
    ];
    const sample = parseEnvSample('OLD=v1 # length=1\nNEW=v2 # length=2');
    expect(secretsToGenerate(document, { sources, sample }, 'wiki')).toMatchObject([{ length: 2 }]);
  });

  it.each([
    ['no service uses them', 'services: {app: {image: x}}\nsecrets: {key: {name: wiki_key_v1, external: true}}'],
    [
      'they are not external',
      'services: {app: {image: x, secrets: [{source: key}]}}\nsecrets: {key: {name: wiki_key, file: /checkout/key}}',
    ],
    [
      'they are not of the stack',
      'services: {app: {image: x, secrets: [{source: key}]}}\nsecrets: {key: {name: other_key, external: true}}',
    ],
  ])('are none when %s', (_, yaml) => {
    expect(
      secretsToGenerate(parseDocument(`version: "3.8"\n${yaml}`), { sources: [], sample: parseEnvSample('') }, 'wiki'),
    ).toEqual([]);
  });

  it.each([
    [
      'is too long',
      `wiki_${'k'.repeat(60)}`,
      `\`compose.yml\` line 5: the secret name \`wiki_${'k'.repeat(60)}\` has 65 characters, and the engine takes 64. Shorten the name of the secret.`,
    ],
    [
      'ends in an empty version',
      'wiki_key_',
      '`compose.yml` line 5: the engine does not take `wiki_key_` as the name of a secret. Give the variable at its end a value, as a rule the version.',
    ],
  ])('are refused when a name %s', (_, name, message) => expect(() => specOf('${STACK_NAME}_key', '', name)).toThrow(message));
});

describe('the names of a document', () => {
  const named = (yaml: string) => () => requireNames(parseDocument(`version: "3.8"\n${yaml}`), 'wiki');

  it('may have every length that the engine takes', () => {
    expect(named(`services: {${'s'.repeat(58)}: {image: x}}\nconfigs: {c: {name: wiki_${'c'.repeat(59)}}}`)).not.toThrow();
  });

  it.each([
    ['a long service', `services: {${'s'.repeat(59)}: {image: x}}`, 'has 64 characters, and the engine takes 63'],
    ['a service with a dot after a long name', `services: {${'s'.repeat(56)}.b: {image: x}}`, 'as the name of a service'],
    ['a service with a dot', 'services: {a.b: {image: x}}', 'does not take `wiki_a.b` as the name of a service. Use letters'],
    ['a long config', `services: {}\nconfigs: {${'c'.repeat(60)}: {file: /x}}`, 'has 65 characters, and the engine takes 64'],
    ['a config without its version', 'services: {}\nconfigs: {c: {name: wiki_conf_}}', 'Give the variable at its end a value'],
  ])('are refused for %s', (_, yaml, message) => expect(named(yaml)).toThrow(message));
});

describe('a generated secret', () => {
  it.each([
    ['letters and digits', { length: 200, charset: undefined }, /^[A-Za-z0-9]{200}$/],
    ['hex digits', { length: 200, charset: 'hex' }, /^[0-9a-f]{200}$/],
    ['alnum', { length: 200, charset: 'alnum' }, /^[A-Za-z0-9]{200}$/],
    ['special characters', { length: 200, charset: 'special' }, /^[^A-Za-z0-9\s'"`\\]{200}$/],
    ['no dollar among the safe ones', { length: 2000, charset: 'safespecial' }, /^[^A-Za-z0-9\s'"`\\$]{2000}$/],
    ['a combination', { length: 2000, charset: 'default,special' }, /^(?=.*[A-Z])(?=.*[0-9])(?=.*[!@#%^&*])\S{2000}$/],
    ['what abra does with an unknown charset', { length: 20, charset: 'constructor' }, /^[A-Za-z0-9]{20}$/],
    ['six words where no length is asked for', { length: undefined, charset: 'hex' }, /^[a-z]{6}(?:-[a-z]{6}){5}$/],
  ])('has %s', (_, spec, form) => expect(generateSecret(spec)).toMatch(form));

  it('is another one each time', () => {
    const values = Array.from({ length: 100 }, () => generateSecret({ length: undefined, charset: undefined }));
    expect(new Set(values).size).toBe(100);
  });
});
