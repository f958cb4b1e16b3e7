import type { ImageBase } from './image.ts';

const HOME = '/usr/lib/postgresql/15';
const programs = ['postgres', 'initdb', 'psql', 'pg_dump', 'pg_restore', 'pg_isready', 'createdb', 'dropdb'];
const DATA = '/var/lib/postgresql/data';

/** Makes the cluster on the first start, as the official image does, and then is the server, under an account of its own. */
const entrypoint = `#!/bin/sh
set -e
case "$1" in -*) set -- postgres "$@" ;; esac
if [ "$1" = postgres ] && [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA"
  exec setpriv --reuid=999 --regid=999 --clear-groups "$0" "$@"
fi
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  : "\${POSTGRES_USER:=postgres}"
  : "\${POSTGRES_DB:=$POSTGRES_USER}"
  if [ -n "$POSTGRES_PASSWORD_FILE" ]; then POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE"); fi
  if [ -z "$POSTGRES_PASSWORD" ]; then
    echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
    exit 1
  fi
  printf %s "$POSTGRES_PASSWORD" > /tmp/password
  initdb --username="$POSTGRES_USER" --pwfile=/tmp/password --locale=C --encoding=UTF8 --auth-local=trust --auth-host=scram-sha-256
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  # One session without a server: enough to make the database.
  if [ "$POSTGRES_DB" != postgres ]; then
    echo "CREATE DATABASE \\"$POSTGRES_DB\\"" | postgres --single postgres
  fi
fi
unset POSTGRES_PASSWORD
if [ "$1" = postgres ]; then set -- "$@" -c listen_addresses='*'; fi
exec "$@"
`;

/** PostgreSQL 15 as the official image behaves: its variables, its data in /var/lib/postgresql/data, peers trusted on its socket alone. */
export const postgresImage: ImageBase = {
  name: 'postgres',
  packaged: [
    ...['/bin/busybox', '/usr/bin/setpriv', '/usr/share/postgresql/15', '/usr/share/zoneinfo/Etc/UTC'],
    ...programs.map((name) => `${HOME}/bin/${name}`),
    // Not all of its folder: LLVM, which one library there needs, is larger than everything else together.
    ...['plpgsql.so', 'dict_snowball.so'].map((name) => `${HOME}/lib/${name}`),
  ],
  files: {
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\n',
    '/etc/group': 'root:x:0:\npostgres:x:999:\n',
    '/etc/nsswitch.conf': 'hosts: files dns\n',
    '/usr/local/bin/docker-entrypoint.sh': entrypoint,
  },
  config: {
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['postgres'],
    env: { PGDATA: DATA, PATH: `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:${HOME}/bin`, LANG: 'C.UTF-8' },
    expose: ['5432/tcp'],
    volumes: [DATA],
    stopSignal: 'SIGINT',
  },
};
