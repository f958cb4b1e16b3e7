import { mkdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { App, Deployer, MountedVolume, Saved, VolumePart } from '@cc-ci/deploy/deployer';
import type { BackupPlan, Hook } from '@cc-ci/recipes/backup';
import { reached } from '@cc-ci/shared/service/reached';
import type { Journal } from './journal.ts';
import { BackupUnfit } from './tiers/failures.ts';
import { code } from './words.ts';

/** What was backed up of an app: parts of its volumes, each in a file of this run. */
export interface Backup {
  readonly parts: readonly VolumePart[];
  readonly files: number;
  readonly bytes: number;
}

/** Backs up an app and gives it back what was saved, as its labels say. */
export interface Backups {
  /** Throws BackupUnfit where a hook fails, or what was to be saved is not there. */
  backUp(plan: BackupPlan): Promise<Backup>;
  /**
   * Puts everything back into the volumes of the app as it is up now, and lets services whose volumes came back whole begin anew: what
   * they have in memory is of another life. Throws BackupUnfit.
   */
  putBack(plan: BackupPlan, backup: Backup): Promise<void>;
  /** Runs the hooks that make something of what was put back. Throws BackupUnfit. */
  afterPutBack(plan: BackupPlan): Promise<void>;
}

export interface BackupsOptions {
  readonly app: App;
  readonly deployer: Pick<Deployer, 'volumes' | 'save' | 'giveBack' | 'restart' | 'exec'>;
  readonly journal: Pick<Journal, 'now' | 'say'>;
  /** Where the files are kept; made when absent, removed with the run. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Opens the backups of one app. */
export function openBackups({ app, deployer, journal, folder, signal }: BackupsOptions): Backups {
  const runHooks = async (label: string, hooks: readonly Hook[]): Promise<void> => {
    for (const { service, command } of hooks) {
      journal.now(`running ${code(label)} in ${code(service)}`);
      const ended = await deployer.exec(app, service, command, signal);
      for (const line of ended?.lines ?? []) journal.say(line, service);
      if (ended?.exitCode === 0) continue;
      const how = ended ? `failed (code ${ended.exitCode})` : 'could not run, since no container of it is up';
      throw new BackupUnfit(`The hook ${code(label)} of ${code(service)} ${how}.`, { service, lines: ended?.lines ?? [] });
    }
  };

  const savePart = async (part: VolumePart): Promise<Saved> => {
    const saved = await deployer.save(app, part, signal);
    const [what, volume] = [code(part.path), code(part.place.volume)];
    if (!saved && part.path === '')
      throw new BackupUnfit(`The volume ${volume} cannot be saved, since no container that has it is up.`);
    if (!saved)
      throw new BackupUnfit(
        `The backup is to hold ${what} of the volume ${volume}, which is not there: it was not written, or not into the volume.`,
      );
    if (part.path !== '' && saved.bytes === 0)
      throw new BackupUnfit(`The backup is to hold ${what} of the volume ${volume}, and there is not a byte in it.`);
    return saved;
  };

  return {
    async backUp(plan) {
      await runHooks('backupbot.backup.pre-hook', plan.beforeBackup);
      await mkdir(folder, { recursive: true });
      const parts = partsOf(plan, await deployer.volumes(app), folder);
      let [files, bytes] = [0, 0];
      for (const part of parts) {
        journal.now(`saving ${part.path === '' ? '' : `${code(part.path)} of `}the volume ${code(part.place.volume)}`);
        const saved = await savePart(part);
        files += saved.files;
        bytes += saved.bytes;
      }
      reached('runner.saved');
      await runHooks('backupbot.backup.post-hook', plan.afterBackup);
      return { parts, files, bytes };
    },
    async putBack(plan, { parts }) {
      await runHooks('backupbot.restore.pre-hook', plan.beforeRestore);
      const mounted = await deployer.volumes(app);
      for (const part of parts) {
        journal.now(`putting back the volume ${code(part.place.volume)}`);
        const places = mounted.filter(({ volume }) => volume === part.place.volume);
        if (!(await intoOneOf(places, part)))
          throw new BackupUnfit(`What was saved of the volume ${code(part.place.volume)} cannot be written back into it.`);
      }
      reached('runner.put-back');
      const concerned = mounted.filter(({ volume }) => parts.some(({ place, path }) => path === '' && place.volume === volume));
      await deployer.restart(app, [...new Set(concerned.map(({ service }) => service))], signal);
    },
    afterPutBack: (plan) => runHooks('backupbot.restore.post-hook', plan.afterRestore),
  };

  /** A service that may only read leaves it to the next one. */
  async function intoOneOf(places: readonly MountedVolume[], part: VolumePart): Promise<boolean> {
    for (const place of places) if (await deployer.giveBack(app, { ...part, place }, signal)) return true;
    return false;
  }
}

/** What has to be saved, each with its file. Throws BackupUnfit where that is nothing, or cannot be. */
export function partsOf(plan: BackupPlan, mounted: readonly MountedVolume[], folder: string): VolumePart[] {
  const places = mounted.filter((place, index) => mounted.findIndex(({ volume }) => volume === place.volume) === index);
  const unknown = Object.keys(plan.paths).find((wanted) => !places.some(({ volume }) => volume === wanted));
  if (unknown !== undefined)
    throw new BackupUnfit(
      `The backup is to hold something of the volume ${code(unknown)}, and no service that is up has such a volume.`,
    );
  const wanted = places.filter(({ volume }) => !plan.excluded.includes(volume));
  if (wanted.length === 0) throw new BackupUnfit('The backup holds nothing: its labels leave out every volume.');
  const parts = wanted.flatMap((place) =>
    (plan.paths[place.volume] ?? ['']).map((path) => ({ place, path: posix.normalize(path) })),
  );
  const outside = parts.find(({ path }) => path.startsWith('..'));
  if (outside)
    throw new BackupUnfit(
      `The backup is to hold ${code(outside.path)}, which leads out of the volume ${code(outside.place.volume)}.`,
    );
  return parts.map(({ place, path }, index) => ({
    place,
    path: path === '.' ? '' : path,
    file: join(folder, `${index + 1}.tar`),
  }));
}
