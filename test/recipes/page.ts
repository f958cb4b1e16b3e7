import type { Files } from '../world.ts';

/** A recipe with one web server, in the shape that recipes have; each argument is what a test wants to be different. */
export function page({
  version = '1.0.0+1.25.3',
  image = 'nginx:1.25.3',
  command = '',
  update = 'failure_action: rollback, order: start-first',
  published = true,
  more = '',
}: {
  version?: string;
  image?: string;
  command?: string;
  update?: string;
  published?: boolean;
  more?: string;
} = {}): Files {
  return {
    'compose.yml': `---
version: "3.8"
services:
  app:
    image: ${image}
${command && `    command: ${command}\n`}    networks:
      - proxy
    deploy:
      restart_policy:
        condition: on-failure
      update_config: { ${update} }
      labels:
        - "traefik.enable=${published}"
        - "traefik.http.services.\${STACK_NAME}.loadbalancer.server.port=80"
        - "traefik.http.routers.\${STACK_NAME}.rule=Host(\`\${DOMAIN}\`)"
        - "coop-cloud.\${STACK_NAME}.version=${version}"
${more}networks:
  proxy:
    external: true
`,
    '.env.sample': 'TYPE=page\nDOMAIN=page.example.com\nLETS_ENCRYPT_ENV=production\n',
    'README.md': '# page\n',
  };
}

/** A second service and its volume, which is backed up, for the end of a page. */
export const keeper = `  keeper:
    image: busybox:1.36.1
    command: ["sh", "-c", "trap 'exit 0' TERM; date >> /data/dates; while :; do sleep 1 & wait $$!; done"]
    stop_grace_period: 1s
    volumes: ["data:/data"]
    deploy: { labels: { backupbot.backup: "true" } }
volumes: { data: {} }
`;
