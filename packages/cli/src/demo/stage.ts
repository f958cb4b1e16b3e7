import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ForgeDouble, startForgeDouble } from '@cc-ci/forge-double/double';
import { Settings } from '@cc-ci/shared/contract/settings';
import type { Log } from '@cc-ci/shared/service/log';
import getPort from 'get-port';
import type { z } from 'zod';
import { type ServiceName, type Services, type ServicesOptions, startServices } from '../services.ts';
import { organisation, people } from './people.ts';

/** What of a machine the stage stands on. */
export interface Ground {
  readonly redisUrl: string;
  readonly dockerHost: string;
  readonly dockerCli: string;
  readonly proxy: { readonly address: string; readonly port: number; readonly caFile: string; readonly network: string };
}

/** A whole cc-ci with a forge to comment on: what the demo shows and what the tests of guarantees act upon. */
export interface Stage extends AsyncDisposable {
  readonly forge: ForgeDouble;
  readonly services: Services;
  readonly settings: Settings;
  /** Of the dashboard. */
  readonly url: string;
  /** Of the operators' pages. */
  readonly adminUrl: string;
  readonly adminToken: string;
  /** A token of an organisation owner, for whoever wants to ask the forge by hand. */
  readonly memberToken: string;
}

export interface StageOptions {
  readonly ground: Ground;
  /** For git repositories, checkouts and scratch files; whoever gave it removes it. */
  readonly folder: string;
  readonly instance: string;
  readonly log: (service: ServiceName) => Log;
  /** Runs at the same time. */
  readonly capacity: number;
  /** What differs from the stage's own settings. */
  readonly settings?: Partial<z.input<typeof Settings>>;
  readonly signal?: AbortSignal;
  /** Starts the services; in this process unless given. */
  readonly start?: (options: ServicesOptions) => Promise<Services>;
}

const LOOPBACK = '127.0.0.1';
/** The demo's recipes have tests of their own; cc-ci's are for real ones. */
const TESTS = fileURLToPath(new URL('../../demo/tests', import.meta.url));

/** What the bot of each service may do, as the README tells operators to set it up. */
const scopes: Record<Exclude<ServiceName, 'infra'>, readonly string[]> = {
  trigger: ['read:issue', 'read:repository', 'read:organization', 'read:user'],
  runner: ['read:repository'],
  reporter: ['write:issue', 'write:repository', 'read:user'],
};

/** Starts a forge double with an organisation and people, then the four services on it. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { ground, folder, instance, log, capacity, signal } = options;
  await using opened = new AsyncDisposableStack();
  const forge = opened.use(await startForgeDouble({ folder: join(folder, 'forge') }));
  settle(forge);
  const [port, adminPort] = [await getPort({ host: LOOPBACK }), await getPort({ host: LOOPBACK })];
  const settings = settingsFor(
    ground,
    { instance, forgeUrl: forge.url, dashboardUrl: `http://${LOOPBACK}:${port}` },
    options.settings,
  );
  const adminToken = randomBytes(16).toString('hex');
  const runnerFolder = join(folder, 'runner');
  await mkdir(runnerFolder, { recursive: true });
  const services = opened.use(
    await (options.start ?? startServices)({
      settings,
      redisUrl: ground.redisUrl,
      log,
      host: instance,
      dockerHost: ground.dockerHost,
      folder: runnerFolder,
      capacity,
      tokens: {
        trigger: tokenOf(forge, 'trigger'),
        runner: tokenOf(forge, 'runner'),
        reporter: tokenOf(forge, 'reporter'),
        infra: async () => undefined,
      },
      adminToken: async () => adminToken,
      listen: { address: LOOPBACK, port },
      adminListen: { address: LOOPBACK, port: adminPort },
      ...(signal && { signal }),
    }),
  );
  const stack = opened.move();
  return {
    forge,
    services,
    settings,
    url: settings.dashboard.public_url,
    adminUrl: `http://${LOOPBACK}:${adminPort}`,
    adminToken,
    memberToken: forge.issueToken(people.owner, ['all']),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function settle(forge: ForgeDouble): void {
  for (const login of Object.values(people)) forge.addUser(login);
  forge.addOrganisation(organisation, { owner: people.owner });
  forge.showCommentBox({ member: people.author, outsider: people.outsider });
  forge.addMember(organisation, people.author, { role: 'write' });
  // Write access to code is what a commit status needs; without it cc-ci says the same by comment and reaction.
  forge.addMember(organisation, people.bot, { role: 'write' });
}

function tokenOf(forge: ForgeDouble, service: keyof typeof scopes): () => Promise<string> {
  const token = forge.issueToken(people.bot, scopes[service]);
  return async () => token;
}

/** Short pauses, because people are watching; everything else as in production. */
function settingsFor(
  { proxy, dockerCli }: Ground,
  { instance, forgeUrl, dashboardUrl }: { instance: string; forgeUrl: string; dashboardUrl: string },
  overrides: Partial<z.input<typeof Settings>> = {},
): Settings {
  return Settings.parse({
    instance,
    forge: { url: forgeUrl },
    enrol: { owners: [organisation] },
    trigger: { poll_seconds: 1 },
    // One member asks for all of it.
    people: { runs_per_person: 100 },
    deploy: {
      driver: 'swarm',
      apps_domain: `${instance}.test`,
      proxy_address: proxy.address,
      proxy_port: proxy.port,
      ca_file: proxy.caFile,
      network: proxy.network,
      minimum_free_disk_gb: 1,
      docker_cli: dockerCli,
    },
    runner: { lease_seconds: 15, reap_seconds: 5 },
    timeouts: { hold_seconds: 5, http_seconds: 60, converge_minutes: 3 },
    say: { progress_seconds: 2, repro_command: 'npm run ccci -- run {recipe}@{commit}' },
    schedules: { sweep: null },
    tests: { source: TESTS },
    dashboard: { public_url: dashboardUrl },
    ...overrides,
  });
}
