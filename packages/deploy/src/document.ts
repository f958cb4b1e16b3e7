import { isDeepStrictEqual } from 'node:util';
import type { StackDocument, StackService } from '@cc-ci/recipes/document';
import type { App, Release } from './deployer.ts';
import { CHAOS_VERSION_LENGTH, commitLabel, ownerLabels } from './labels.ts';

/** abra hands every variable of the app's `.env` to this service; its templates rely on it. */
const MAIN_SERVICE = 'app';

/** The document with the app's variables in the environment of its main service, where the recipe does not set them itself. */
export function exposed(document: StackDocument, variables: Readonly<Record<string, string>>): StackDocument {
  const main = document.services[MAIN_SERVICE];
  if (!main) return document;
  const environment = { ...variables, ...main.environment };
  return { ...document, services: { ...document.services, [MAIN_SERVICE]: { ...main, environment } } };
}

/** The document as it is handed to `docker stack deploy`: owned, stamped, and with every `$` kept from being interpolated again. */
export function deployable(app: App, release: Release): StackDocument {
  return escaped(stamped(app, release, owned(app, release.document)));
}

/** Puts the owner's labels on everything that Swarm will create, containers and the network that nobody declares included. */
function owned(app: App, document: StackDocument): StackDocument {
  const labels = ownerLabels(app);
  const mark = <T extends { labels?: Record<string, string> | undefined; external?: boolean | undefined }>(resource: T): T =>
    resource.external ? resource : { ...resource, labels: { ...resource.labels, ...labels } };
  return {
    ...document,
    services: mapValues(document.services, (service) => ({
      ...service,
      labels: { ...service.labels, ...labels },
      deploy: { ...service.deploy, labels: { ...service.deploy?.labels, ...labels } },
    })),
    networks: mapValues({ default: {}, ...document.networks }, mark),
    volumes: mapValues(document.volumes ?? {}, mark),
    secrets: mapValues(document.secrets ?? {}, mark),
    configs: mapValues(document.configs ?? {}, mark),
  };
}

/** Writes on every service which commit it is of; on service labels only, so that the stamp alone never restarts a task. */
function stamped(app: App, release: Release, document: StackDocument): StackDocument {
  const own = `coop-cloud.${app.stack}`;
  const abra = {
    [`${own}.recipe`]: release.recipe.name,
    [`${own}.chaos`]: 'true',
    [`${own}.chaos-version`]: release.commit.slice(0, CHAOS_VERSION_LENGTH),
    ...(release.version === undefined ? {} : { [`${own}.version`]: release.version }),
  };
  return {
    ...document,
    services: mapValues(document.services, (service, name) => ({
      ...service,
      deploy: {
        ...service.deploy,
        labels: { ...service.deploy?.labels, [commitLabel]: release.commit, ...(name === MAIN_SERVICE ? abra : {}) },
      },
    })),
  };
}

/** Whether two documents of one stack make the same services. abra's own version labels say nothing about what runs. */
export function sameServices(a: StackDocument, b: StackDocument): boolean {
  return isDeepStrictEqual(comparable(a), comparable(b));
}

function comparable(document: StackDocument) {
  const { services, networks = {}, volumes = {}, secrets = {}, configs = {} } = document;
  return { services: mapValues(services, withoutVersionLabels), networks, volumes, secrets, configs };
}

function withoutVersionLabels(service: StackService): StackService {
  const kept = Object.entries(service.deploy?.labels ?? {}).filter(
    ([label]) => !/^coop-cloud\..*\.(version|chaos|chaos-version|recipe)$/.test(label),
  );
  return { ...service, deploy: { ...service.deploy, labels: Object.fromEntries(kept) } };
}

/** The same value with `$` doubled in every string, as Compose files escape it. Keys are never interpolated. */
function escaped<T>(value: T): T;
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map((item) => escaped(item));
  if (value !== null && typeof value === 'object') return mapValues(value, (item) => escaped(item));
  return value;
}

function mapValues<V, W>(record: Readonly<Record<string, V>> | object, change: (value: V, key: string) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
