import { describe, expect, it } from 'vitest';
import { knownCause } from '../src/known-causes.ts';

/** As apps of these kinds say it. */
describe('what is wrong, from the last lines of an app', () => {
  it.each<[line: string, clause: string]>([
    [
      "cat: can't open '/run/secrets/db_password': No such file or directory",
      'it looks for the secret `db_password`, which it is not given',
    ],
    [
      "Error: ENOENT: no such file or directory, open '/run/secrets/session_secret'",
      'it looks for the secret `session_secret`, which it is not given',
    ],
    ['Error: getaddrinfo ENOTFOUND db', 'it does not find `db` by its name'],
    [
      'django.db.utils.OperationalError: could not translate host name "postgres" to address: Name or service not known',
      'it does not find `postgres` by its name',
    ],
    ['nginx: [emerg] host not found in upstream "app:8000" in /etc/nginx/nginx.conf:12', 'it does not find `app` by its name'],
    ['dial tcp: lookup redis on 127.0.0.11:53: no such host', 'it does not find `redis` by its name'],
    ['FATAL:  password authentication failed for user "hedgedoc"', 'it is not let in by its database'],
    ["ERROR 1045 (28000): Access denied for user 'ghost'@'10.0.1.5' (using password: YES)", 'it is not let in by its database'],
    ['Error: connect ECONNREFUSED 10.0.4.7:5432', 'it reaches nobody where it looks for another service'],
    ['dial tcp 10.0.4.7:6379: connect: connection refused', 'it reaches nobody where it looks for another service'],
    [
      'exec: "gunicorn": executable file not found in $PATH: unknown',
      'its image does not have the command that it is started with',
    ],
    ['/docker-entrypoint.sh: line 12: envsubst: not found', 'its image does not have the command `envsubst`'],
    ['exec /usr/bin/tini: exec format error', 'its image is for another kind of processor'],
    ["sed: can't move '/etc/gitea/app.ini' : Read-only file system", 'it may not change a file, which is read-only'],
    ["OSError: [Errno 30] Read-only file system: '/config/app.ini'", 'it may not change `/config/app.ini`, which is read-only'],
    ["EACCES: permission denied, mkdir '/var/lib/ghost/content'", 'it may not use `/var/lib/ghost/content`'],
    ["mkdir: cannot create directory '/data/uploads': Permission denied", 'it may not use `/data/uploads`'],
    [
      'Error: listen EADDRINUSE: address already in use :::3000',
      'a port that it wants is taken by something else in its container',
    ],
    ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', 'it has too little memory'],
    ['java.lang.OutOfMemoryError: Java heap space', 'it has too little memory'],
    ['/entrypoint.sh: line 3: DB_HOST: unbound variable', 'it wants the variable `DB_HOST`, which is not set'],
    ['Error: SECRET_KEY_BASE environment variable is missing', 'it wants the variable `SECRET_KEY_BASE`, which is not set'],
    ['ERROR:  relation "users" does not exist at character 15', 'it does not find the table `users` in its database'],
  ])('%s', (line, clause) => {
    expect(knownCause(['starting', line])?.clause).toBe(clause);
  });

  it('is what the last of them says', () => {
    const lines = ['connect ECONNREFUSED 10.0.4.7:5432', 'connected', 'relation "users" does not exist', 'bye'];
    expect(knownCause(lines)?.clause).toBe('it does not find the table `users` in its database');
  });

  it.each([
    ['a plain end', 'out of ink'],
    ['a word that only sounds alike', 'worker process 7 exited with code 0'],
    ['a file that is not found and is no secret', 'open /srv/index.html: no such file or directory'],
    ['a status that is none', 'GET /login 404 not found in 3 ms'],
  ])('is not guessed from %s', (_, line) => {
    expect(knownCause([line])).toBeUndefined();
  });
});
