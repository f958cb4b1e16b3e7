import type { Files } from './stage.ts';

/** A command that runs `first` and then stays until it is told to end, which it does at once. */
export const program = (first = ':'): string =>
  JSON.stringify(['sh', '-c', `trap 'exit 0' TERM; ${first}; while :; do sleep 1 & wait $$!; done`]);

/** A recipe with these services, each given by its keys; `sections` holds further sections of its compose.yml. */
export function recipe(services: Files, sections = ''): Files {
  const written = Object.entries(services).map(([name, keys]) => {
    const lines = ['image: busybox:1.36.1', 'stop_grace_period: 1s', ...keys.trim().split('\n')];
    return `  ${name}:\n${lines.map((line) => `    ${line}\n`).join('')}`;
  });
  return { 'compose.yml': `version: "3.8"\nservices:\n${written.join('')}${sections}` };
}

/** A recipe with one of everything: volumes with and without a name, networks declared and not, config, secret, health check. */
export const everything: Files = {
  ...recipe(
    {
      app: `command: ${program('cat /greeting > /data/greeting')}
environment: ["GREETING_SOURCE=/greeting"]
volumes: ["data:/data", "/nameless"]
networks: [proxy, internal]
configs: [{ source: greeting, target: /greeting }]
secrets: [password]
healthcheck: { test: "test -s /data/greeting", interval: 1s, retries: 5 }
deploy: { labels: ["coop-cloud.\${STACK_NAME}.version=1.0.0+1.36.1"] }`,
      db: `command: ${program()}`,
    },
    `volumes: { data: {} }
networks: { proxy: { external: true }, internal: {} }
configs: { greeting: { name: "\${STACK_NAME}_greeting_\${GREETING_VERSION}", file: greeting.txt } }
secrets: { password: { external: true, name: "\${STACK_NAME}_password_\${SECRET_PASSWORD_VERSION}" } }
`,
  ),
  '.env.sample': "TYPE=probe\nDOMAIN=probe.example.com\nPRICE='5$'\nSECRET_PASSWORD_VERSION=v1 # length=24\n",
  'abra.sh': 'export GREETING_VERSION=v1\n',
  'greeting.txt': 'good day',
};

/** A recipe whose app adds a word to a file in its volume whenever it starts. */
export const saying = (word: string, deploySettings = '{}'): Files =>
  recipe(
    { app: `command: ${program(`echo ${word} >> /data/words`)}\nvolumes: ["data:/data"]\ndeploy: ${deploySettings}` },
    'volumes: { data: {} }\n',
  );
