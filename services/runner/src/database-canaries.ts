import { randomUUID } from 'node:crypto';
import type { App, Deployer } from '@cc-ci/deploy/deployer';
import type { Journal } from './journal.ts';
import { code } from './words.ts';

/** A row that was left in each database of an app, to be looked for after it is upgraded or given back. */
export interface DatabaseCanaries {
  /** Differs each time, so that nothing older is taken for it. */
  readonly mark: string;
  /** Services with a database that took the row. */
  readonly services: readonly string[];
}

/** What an app keeps in databases, where a file beside them would prove nothing: a dump may hold another database, or half of one. */
export interface Databases {
  /** @param services of the app, among which databases are looked for */
  leaveInDatabases(services: readonly string[]): Promise<DatabaseCanaries>;
  /** The services whose database does not have its row any more. */
  goneFromDatabases(canaries: DatabaseCanaries): Promise<string[]>;
}

export interface DatabasesOptions {
  readonly app: App;
  readonly deployer: Pick<Deployer, 'exec'>;
  readonly journal: Pick<Journal, 'say'>;
  /** What operators allow this recipe, `data` or `data:db` among it. */
  readonly allowed: readonly string[];
  readonly signal: AbortSignal;
}

/** Exit code of a service that is no PostgreSQL server. */
const NO_DATABASE = 77;
/** A server that was just started takes a moment. Seconds. */
const READY_SECONDS = 30;

/**
 * Does something in the app's database, by the variables of the official image, as the superuser on the server's own socket. The row
 * is in a schema of its own, where no migration of the app looks.
 */
function inDatabase(sql: string): string {
  return `command -v psql >/dev/null && [ -n "$PGDATA" ] && [ -s "$PGDATA/PG_VERSION" ] || exit ${NO_DATABASE}
user=\${POSTGRES_USER:-$(cat "$POSTGRES_USER_FILE" 2>/dev/null)}; user=\${user:-postgres}
db=\${POSTGRES_DB:-$(cat "$POSTGRES_DB_FILE" 2>/dev/null)}; db=\${db:-$user}
left=${READY_SECONDS}; until pg_isready -q -U "$user" -d "$db" || [ $left -eq 0 ]; do left=$((left - 1)); sleep 1; done
psql -X -v ON_ERROR_STOP=1 -qAt -U "$user" -d "$db" -c "${sql}"`;
}

const leave = (mark: string): string =>
  inDatabase(
    `CREATE SCHEMA IF NOT EXISTS cc_ci; CREATE TABLE IF NOT EXISTS cc_ci.canary (mark text); TRUNCATE cc_ci.canary; INSERT INTO cc_ci.canary VALUES ('${mark}')`,
  );
const look = inDatabase('SELECT mark FROM cc_ci.canary');

/** Opens the databases of one app: PostgreSQL, as most recipes have it. */
export function openDatabases({ app, deployer, journal, allowed, signal }: DatabasesOptions): Databases {
  const mayBeLost = (service: string): boolean => allowed.includes('data') || allowed.includes(`data:${service}`);
  return {
    async leaveInDatabases(services) {
      const mark = `${app.stack} ${randomUUID()}`;
      const taken: string[] = [];
      for (const service of services.filter((name) => !mayBeLost(name))) {
        const ended = await deployer.exec(app, service, leave(mark), signal);
        if (ended?.exitCode === 0) taken.push(service);
        else if (ended && ended.exitCode !== NO_DATABASE && ended.lines.some((line) => /psql|FATAL|ERROR/.test(line)))
          journal.say(`The database of ${code(service)} cannot be watched: ${ended.lines.at(-1)}`);
      }
      return { mark, services: taken };
    },
    async goneFromDatabases({ mark, services }) {
      const gone: string[] = [];
      for (const service of services) {
        const ended = await deployer.exec(app, service, look, signal);
        if (!ended?.lines.includes(mark)) gone.push(service);
      }
      return gone;
    },
  };
}
