import { type InfraOptions, startInfra } from '@cc-ci/infra/service';
import { startReporter } from '@cc-ci/reporter/service';
import { RUNNER_GRACE_MS, startRunner } from '@cc-ci/runner/service';
import type { Settings } from '@cc-ci/shared/contract/settings';
import type { Log } from '@cc-ci/shared/service/log';
import { startTrigger, type Ways } from '@cc-ci/trigger/service';

const names = ['infra', 'reporter', 'runner', 'trigger'] as const;
export type ServiceName = (typeof names)[number];

/** The four are stopped one after the other, and all but the runner have little to end. Milliseconds. */
export const SERVICES_GRACE_MS = RUNNER_GRACE_MS + 45_000;

type Token = () => Promise<string | undefined>;

export interface ServicesOptions {
  readonly settings: Settings;
  readonly redisUrl: string;
  readonly log: (service: ServiceName) => Log;
  readonly host: string;
  readonly dockerHost: string;
  /** Of the runner: checkouts and scratch files. */
  readonly folder: string;
  /** Runs at the same time. */
  readonly capacity: number;
  /** Of this host's proxy, where it is not the one of the settings. */
  readonly proxyAddress?: string | undefined;
  readonly tokens: Readonly<Record<ServiceName, Token>>;
  readonly adminToken: () => Promise<string>;
  /** Ways of the trigger besides the polls. */
  readonly ways?: Ways | undefined;
  readonly listen: { readonly address: string; readonly port: number };
  readonly adminListen: { readonly address: string; readonly port: number };
  /** How infra keeps webhooks in order; undefined: it does not. */
  readonly hooks?: InfraOptions['hooks'];
  readonly signal?: AbortSignal;
}

/** The four services in one process, each started and stopped by itself as in production. */
export interface Services extends AsyncDisposable {
  start(name: ServiceName): Promise<void>;
  /** Ends one service in order; the other three go on. Safe when it does not run. */
  stop(name: ServiceName): Promise<void>;
}

/** Starts all four services; they are stopped in the opposite order. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const running = new Map<ServiceName, AsyncDisposable>();
  const services: Services = {
    async start(name) {
      if (!running.has(name)) running.set(name, await startOne(name, options));
    },
    async stop(name) {
      const service = running.get(name);
      running.delete(name);
      await service?.[Symbol.asyncDispose]();
    },
    async [Symbol.asyncDispose]() {
      for (const name of names.toReversed()) await services.stop(name);
    },
  };
  try {
    for (const name of names) await services.start(name);
    return services;
  } catch (error) {
    await services[Symbol.asyncDispose]();
    throw error;
  }
}

function startOne(name: ServiceName, options: ServicesOptions): Promise<AsyncDisposable> {
  const {
    settings,
    redisUrl,
    host,
    signal,
    adminToken,
    listen,
    adminListen,
    dockerHost,
    folder,
    capacity,
    proxyAddress,
    ways,
    hooks,
  } = options;
  const forgeToken = options.tokens[name];
  const common = { settings, redisUrl, host, forgeToken, log: options.log(name), ...(signal && { signal }) };
  switch (name) {
    case 'infra':
      return startInfra({ ...common, hooks });
    case 'trigger':
      return startTrigger({ ...common, ways });
    case 'runner':
      return startRunner({ ...common, dockerHost, folder, capacity, proxyAddress });
    case 'reporter':
      return startReporter({ ...common, adminToken, listen, adminListen });
  }
}
