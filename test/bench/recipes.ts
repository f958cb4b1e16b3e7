import { page } from '../recipes/page.ts';
import type { Files } from '../world.ts';

/** A recipe as it is measured: the release that is installed first, and the change that is tested. Every service changes. */
export interface Measured {
  readonly name: string;
  readonly services: readonly string[];
  readonly release: string;
  readonly base: Files;
  readonly commit: Files;
}

/** The smallest recipe there is: one web server. */
const smallest: Measured = {
  name: 'smallest',
  services: ['app'],
  release: '1.0.0+1.25.3',
  base: page(),
  commit: page({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0' }),
};

/** A web server with a health check, a worker and a cache with a volume. */
const three: Measured = {
  name: 'three services',
  services: ['app', 'worker', 'cache'],
  release: '1.0.0+1.25.3',
  base: threeServices({ version: '1.0.0+1.25.3', image: 'nginx:1.25.3', cache: 'redis:7.2.4' }),
  commit: threeServices({ version: '1.1.0+1.27.0', image: 'nginx:1.27.0', cache: 'redis:7' }),
};

export const measured: readonly Measured[] = [smallest, three];

function threeServices({ version, image, cache }: { version: string; image: string; cache: string }): Files {
  return {
    ...page(),
    'compose.yml': `---
version: "3.8"
services:
  app:
    image: ${image}
    networks: [proxy, internal]
    healthcheck: { test: ["CMD", "true"], interval: 1s }
    stop_grace_period: 1s
    deploy:
      update_config: { failure_action: rollback, order: start-first }
      labels:
        - "traefik.enable=true"
        - "traefik.http.services.\${STACK_NAME}.loadbalancer.server.port=80"
        - "traefik.http.routers.\${STACK_NAME}.rule=Host(\`\${DOMAIN}\`)"
        - "coop-cloud.\${STACK_NAME}.version=${version}"
  worker:
    image: busybox:1.36.1
    command: ["sleep", "3600"]
    environment: { RELEASE: "${version}" }
    networks: [internal]
    stop_grace_period: 1s
  cache:
    image: ${cache}
    networks: [internal]
    volumes: ["data:/data"]
    stop_grace_period: 1s
networks:
  proxy:
    external: true
  internal:
volumes:
  data:
`,
  };
}
