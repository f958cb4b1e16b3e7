import { Settings } from '@cc-ci/shared/contract/settings';
import { readSettings } from '@cc-ci/shared/service/settings-file';

/** The instance of runs that were started from a terminal: nothing of another one on this host is ever touched. */
const INSTANCE = 'local';

/** What holds where nobody has written an instance file: recipes of the forge of Co-op Cloud, and a proxy on this host. */
const usual = {
  instance: INSTANCE,
  forge: { url: 'https://git.coopcloud.tech' },
  enrol: { owners: ['coop-cloud'] },
  deploy: { apps_domain: 'ccci.localhost' },
  dashboard: { public_url: 'http://localhost' },
};

/** The settings of an instance file, or the usual ones, for an instance of its own. Throws SettingsRefused. */
export async function localSettings(file: string | undefined): Promise<Settings> {
  if (file === undefined) return Settings.parse(usual);
  return { ...(await readSettings(file, Settings)), instance: INSTANCE };
}
