import type { Files } from '../world.ts';

/** A recipe with one web server, in the shape that recipes have; each argument is what a test wants to be different. */
export function page({
  version = '1.0.0+1.25.3',
  image = 'nginx:1.25.3',
  command = '',
  update = 'failure_action: rollback, order: start-first',
  published = true,
}: {
  version?: string;
  image?: string;
  command?: string;
  update?: string;
  published?: boolean;
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
networks:
  proxy:
    external: true
`,
    '.env.sample': 'TYPE=page\nDOMAIN=page.example.com\nLETS_ENCRYPT_ENV=production\n',
    'README.md': '# page\n',
  };
}
