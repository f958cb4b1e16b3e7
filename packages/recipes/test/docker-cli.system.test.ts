// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { appEnvironment } from '../src/app-env.ts';
import { imagesOf, parseDocument, recipeVersionOf, timeoutOf } from '../src/document.ts';
import { requireNames } from '../src/names.ts';
import { judgePaths, pathsOf } from '../src/paths.ts';
import { judge } from '../src/policy.ts';
import { publishedService } from '../src/published.ts';
import { readRecipe } from '../src/recipe.ts';
import { secretsToGenerate } from '../src/secrets.ts';
import { checkout } from './checkout.ts';
import { environment, interpolations, noInterpolations } from './interpolations.ts';

/** What `docker stack config` prints; it asks no engine. */
async function stackConfig(folder: string, files: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const chosen = files.flatMap((file) => ['-c', join(folder, file)]);
  const said = await promisify(execFile)(inject('machine').dockerCli, ['stack', 'config', ...chosen], { env, cwd: folder });
  return said.stdout;
}

const merged = async (text: string | Uint8Array, files = {}) =>
  parseDocument(await stackConfig(await checkout({ 'compose.yml': text, ...files }), ['compose.yml'], environment));
const commanded = (value: string) => `version: "3.8"\nservices: {app: {image: web, command: ['${value}']}}\n`;

describe('the docker CLI', () => {
  it.each(interpolations)('interpolates %s as we do', async (value, text) => {
    expect((await merged(commanded(value))).services['app']).toMatchObject({ command: [text] });
  });

  it.each(noInterpolations)(
    'refuses %s as we do',
    async (value) => await expect(merged(commanded(value))).rejects.toThrow(/interpolation/),
  );

  const service = (lines: string) =>
    `version: "3.8"\n${lines.startsWith('x-') ? '' : 'services:\n  app:\n    image: web\n    '}${lines}\n`;

  it.each([
    ['a plain path', service('env_file: a.env')],
    ['a quoted key with an escape', service('"env\\x5ffile": a.env')],
    ['an explicit key', service('? env_file\n    : a.env')],
    ['a folded path', service('env_file: >-\n      a.env')],
    ['a merged anchor', service('x-a: &a {env_file: a.env}\nservices: {app: {image: web, <<: *a}}')],
    ['a merged list of anchors', service('x-a: &a {env_file: a.env}\nservices: {app: {image: web, <<: [*a, {image: x}]}}')],
    ['an alias', service('x-a: &a [a.env]\nservices: {app: {image: web, env_file: *a}}')],
    ['an alias as key', service('x-a: &a env_file\nservices:\n  app:\n    image: web\n    *a : a.env')],
    ['a whole service behind an alias', service('x-a: &a {image: web, env_file: a.env}\nservices: {app: *a}')],
    ['a carriage return in a comment', service('# x\r    env_file: a.env')],
    ['a next-line mark in a comment', service('# x\u0085    env_file: a.env')],
    ['a line separator in a comment', service('# x\u2028    env_file: a.env')],
    ['a tag that encodes', service('env_file: !!binary YS5lbnY=')],
    ['a second document behind', `${service('env_file: a.env')}---\nservices: {}\n`],
    ['a directive', `%YAML 1.1\n---\n${service('env_file: a.env')}`],
    ['another encoding', Buffer.from(`\uFEFF${service('env_file: a.env')}`, 'utf16le')],
  ])('opens no env_file that we did not see: %s', async (_, text) => {
    // The CLI does open it …
    const opened = (await merged(text, { 'a.env': 'A=1' })).services['app']?.env_file;
    expect(opened).toEqual(['a.env']);
    // … so we must have seen it, or have refused the file.
    const folder = await checkout({ '.env.sample': '', 'compose.yml': text });
    const seen = readRecipe(folder, 'wiki').then(({ sources }) => sources.flatMap(({ text: read, file }) => pathsOf(read, file)));
    expect(
      await seen.then(
        (paths) => paths.map(({ path }) => path),
        () => 'refused',
      ),
    ).toBeOneOf([['a.env'], 'refused']);
  });

  it('prints a document that we read and let through, from a recipe with everything', async () => {
    const folder = await checkout(everything);
    const recipe = await readRecipe(folder, 'wiki');
    const app = { stack: 'wiki-1', domain: 'wiki-1.test' };
    const env = appEnvironment(recipe, app);
    expect(judgePaths(recipe, env, (path) => realpathSync(path))).toEqual([]);
    const document = parseDocument(await stackConfig(folder, recipe.composeFiles, env));
    const policy = { ...app, checkout: folder, resolve: realpathSync, allowedNetworks: ['proxy'], exceptions: [] };
    expect(judge(document, policy)).toEqual([]);
    requireNames(document, 'wiki-1');
    expect(imagesOf(document)).toEqual(['web:1.0', 'db:2']);
    expect(recipeVersionOf(document, 'wiki-1')).toBe('1.2.0+3.4');
    expect(timeoutOf(document, 'wiki-1')).toBe(300);
    expect(publishedService(document, 'wiki-1.test')).toEqual({ service: 'app', hosts: ['wiki-1.test'], port: 8080 });
    expect(secretsToGenerate(document, recipe, 'wiki-1')).toEqual([
      { name: 'wiki-1_db_password_v1', key: 'db_password', length: 32, charset: 'hex', generate: true },
    ]);
  });
});

/** A recipe that uses what Swarm takes; written for this test. */
const everything = {
  '.env.sample': `TYPE=wiki
DOMAIN=wiki.example.com
## Extra names
#EXTRA_DOMAINS=', \`www.wiki.example.com\`'
LETS_ENCRYPT_ENV=production
COMPOSE_FILE="compose.yml"
COMPOSE_FILE="$COMPOSE_FILE:db/compose.db.yml"
SECRET_DB_PASSWORD_VERSION=v1     # length=32 charset=hex
`,
  'abra.sh': 'export ENTRYPOINT_VERSION=v3\nbackup() {\n  echo no\n}\n',
  'a.env': 'FROM_FILE=1\n',
  'entrypoint.sh.tmpl': '#!/bin/sh\n{{ env "DOMAIN" }}\n',
  'compose.yml': `---
version: "3.8"

x-environment: &environment
  SHARED: "1"

services:
  app:
    image: web:\${TAG:-1.0}
    depends_on: [db]
    env_file: a.env
    environment:
      <<: *environment
      DOMAIN:
      PRICE: "$$5"
    command: >
      serve --domain \${DOMAIN}
    configs:
      - source: entrypoint
        target: /entrypoint.sh
        mode: 0555
    volumes:
      - data:/data
      - /anonymous
      - type: tmpfs
        target: /tmp
        tmpfs: {size: 1000000}
    tmpfs: /run
    networks: [proxy, internal]
    restart: always
    stop_grace_period: 2m
    ulimits: {nofile: 1000}
    cap_drop: [ALL]
    cap_add: [CHOWN]
    logging: {driver: json-file, options: {max-size: 10m}}
    healthcheck:
      test: curl -f http://localhost
      start_period: 1m
    deploy:
      restart_policy: {condition: on-failure}
      update_config: {failure_action: rollback, order: start-first}
      labels:
        - "traefik.enable=true"
        - "traefik.http.services.\${STACK_NAME}.loadbalancer.server.port=8080"
        - "traefik.http.routers.\${STACK_NAME}.rule=Host(\`\${DOMAIN}\`\${EXTRA_DOMAINS})"
        - "traefik.http.routers.\${STACK_NAME}.tls.certresolver=\${LETS_ENCRYPT_ENV}"
        - "coop-cloud.\${STACK_NAME}.version=1.2.0+3.4"
        - "coop-cloud.\${STACK_NAME}.timeout=\${TIMEOUT:-300}"
        - "backupbot.backup=\${ENABLE_BACKUPS:-true}"

networks:
  proxy: {external: true}
  internal:
    internal: true

volumes:
  data:

configs:
  entrypoint:
    name: \${STACK_NAME}_entrypoint_\${ENTRYPOINT_VERSION}
    file: entrypoint.sh.tmpl
    template_driver: golang
`,
  'db/compose.db.yml': `version: "3.8"
services:
  db:
    image: db:2
    secrets: [db_password]
    networks: [internal]
    volumes: ["data:/var/lib/db"]
    deploy: {mode: global, placement: {constraints: [node.role == manager]}}
secrets:
  db_password:
    external: true
    name: \${STACK_NAME}_db_password_\${SECRET_DB_PASSWORD_VERSION}
`,
};
