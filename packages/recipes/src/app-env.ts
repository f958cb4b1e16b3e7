import { type EnvSample, envValues, withSettings } from './env-sample.ts';
import type { Recipe } from './recipe.ts';

/** The app that a recipe is deployed as. */
export interface AppNames {
  readonly stack: string;
  readonly domain: string;
  /** Of the recipe, e.g. 1.2.0+3.4.5. */
  readonly version?: string;
}

/**
 * The environment that compose files are interpolated with: the sample's values, as `abra app new` fills them in, and the exports of abra.sh over them.
 * `LETS_ENCRYPT_ENV` is always empty: a name that lives for minutes must not cost a certificate.
 */
export function appEnvironment(recipe: Recipe, app: AppNames): Record<string, string> {
  return { ...exposeToApp(recipe, app), ...recipe.exports };
}

/** What abra puts into the environment of service `app` unless the compose file sets it: the app's `.env`. */
export function exposeToApp(recipe: Recipe, app: AppNames): Record<string, string> {
  const type = app.version === undefined ? recipe.name : `${recipe.name}:${app.version}`;
  const assigns = (name: string): boolean => recipe.sample.entries.some(({ key }) => key === name);
  return envValues(withDomain(recipe, app.domain), {
    TYPE: type,
    ...(assigns('RECIPE') && { RECIPE: type }),
    // Names of the operator's own: nothing leads from them to this host.
    ...(assigns('EXTRA_DOMAINS') && { EXTRA_DOMAINS: '' }),
    DOMAIN: app.domain,
    STACK_NAME: app.stack,
    LETS_ENCRYPT_ENV: '',
  });
}

/** Samples write the domain-to-be as `<recipe>.example.com`, also in further variables; abra replaces it everywhere. */
function withDomain({ name, sample, settings }: Recipe, domain: string): EnvSample {
  const placeholder = `${name}.example.com`;
  const { entries: written } = withSettings(sample, settings.environment);
  const entries = written.map((entry) => ({ ...entry, value: entry.value.replaceAll(placeholder, () => domain) }));
  return { ...sample, entries };
}
