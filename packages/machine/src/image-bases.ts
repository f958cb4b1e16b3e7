import type { ImageBase } from './image.ts';

const accounts = {
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n',
  '/etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  '/etc/nsswitch.conf': 'hosts: files dns\n',
};

/** A shell and its programs, `httpd` among them. */
export const busyboxImage: ImageBase = { name: 'busybox', packaged: ['/bin/busybox'], files: accounts, config: { cmd: ['sh'] } };

/** nginx with the folders and the configuration that the official image has: /usr/share/nginx/html on port 80, conf.d included. */
export const nginxImage: ImageBase = {
  name: 'nginx',
  packaged: ['/bin/busybox', '/usr/sbin/nginx', '/etc/nginx/mime.types', '/etc/nginx/fastcgi_params', '/etc/nginx/proxy_params'],
  files: {
    ...accounts,
    '/etc/nginx/nginx.conf': [
      'user root;',
      'worker_processes 1;',
      'pid /run/nginx.pid;',
      'error_log /dev/stderr notice;',
      'events {}',
      'http {',
      '  include /etc/nginx/mime.types;',
      '  default_type application/octet-stream;',
      '  access_log /dev/stdout;',
      '  include /etc/nginx/conf.d/*.conf;',
      '}',
      '',
    ].join('\n'),
    '/etc/nginx/conf.d/default.conf': 'server {\n  listen 80;\n  root /usr/share/nginx/html;\n}\n',
    '/usr/share/nginx/html/index.html': '<!DOCTYPE html>\n<title>Welcome to nginx!</title>\n<h1>Welcome to nginx!</h1>\n',
    '/var/lib/nginx/.keep': '',
    '/var/log/nginx/.keep': '',
  },
  config: { cmd: ['nginx', '-g', 'daemon off;'], expose: ['80/tcp'], stopSignal: 'SIGQUIT' },
};

/** Redis as the official image starts it: reachable from its networks, data in the volume /data, options alone are its options. */
export const redisImage: ImageBase = {
  name: 'redis',
  packaged: ['/bin/busybox', '/usr/bin/redis-server', '/usr/bin/redis-cli'],
  files: {
    ...accounts,
    '/usr/local/bin/docker-entrypoint.sh': [
      '#!/bin/sh',
      'set -e',
      'case "$1" in -*) set -- redis-server "$@" ;; esac',
      'if [ "$1" = redis-server ]; then set -- "$@" --protected-mode no; fi',
      'exec "$@"',
      '',
    ].join('\n'),
  },
  config: {
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['redis-server'],
    expose: ['6379/tcp'],
    volumes: ['/data'],
    workdir: '/data',
  },
};

/** Caddy, a web server and proxy with a certificate authority of its own. */
export const caddyImage: ImageBase = {
  name: 'caddy',
  packaged: ['/bin/busybox', '/usr/bin/caddy'],
  files: accounts,
  config: {
    cmd: ['caddy', 'run', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
    env: { XDG_DATA_HOME: '/data', XDG_CONFIG_HOME: '/config' },
    expose: ['80/tcp', '443/tcp'],
    volumes: ['/data', '/config'],
  },
};
