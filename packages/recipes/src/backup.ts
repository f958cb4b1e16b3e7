import type { StackDocument } from './document.ts';

/** A command that runs in the container of a service. */
export interface Hook {
  readonly service: string;
  readonly command: string;
}

/** What a recipe wants to be backed up, and how: version 2 of Co-op Cloud's backup labels. */
export interface BackupPlan {
  readonly beforeBackup: readonly Hook[];
  readonly afterBackup: readonly Hook[];
  readonly beforeRestore: readonly Hook[];
  readonly afterRestore: readonly Hook[];
  /** Volumes that are left out, by their names in the recipe. */
  readonly excluded: readonly string[];
  /** Of these volumes only these paths, relative to the root of the volume; of all others everything. */
  readonly paths: Readonly<Record<string, readonly string[]>>;
}

/** There is nothing to back up, and why: a half sentence. */
export interface NoBackup {
  readonly reason: string;
  /** As it should be: the recipe keeps nothing. */
  readonly intended: boolean;
}

const ENABLE = 'backupbot.backup';
const VOLUME = /^backupbot\.backup\.volumes\.([^.]+)$/;
const PATHS = /^backupbot\.backup\.volumes\.([^.]+)\.path$/;

/** What a document wants to be backed up. Labels count after interpolation, on services only, and on any of them for the whole stack. */
export function backupOf(document: StackDocument): BackupPlan | NoBackup {
  const services = Object.entries(document.services);
  if (!services.some(([, service]) => keepsSomething(service))) return { reason: 'it keeps nothing in volumes', intended: true };
  const labels = services.flatMap(([service, { deploy }]) =>
    Object.entries(deploy?.labels ?? {}).map(([label, value]) => ({ service, label, value: value.trim() })),
  );
  const switches = labels.filter(({ label }) => label === ENABLE);
  if (!switches.some(({ value }) => value.toLowerCase() === 'true'))
    return { reason: whyNot(document, switches), intended: false };
  const hooks = (wanted: string): Hook[] =>
    labels.flatMap(({ service, label, value }) => (label === wanted && value !== '' ? [{ service, command: value }] : []));
  return {
    beforeBackup: hooks('backupbot.backup.pre-hook'),
    afterBackup: hooks('backupbot.backup.post-hook'),
    beforeRestore: hooks('backupbot.restore.pre-hook'),
    afterRestore: hooks('backupbot.restore.post-hook'),
    excluded: labels.flatMap(({ label, value }) => (value.toLowerCase() === 'false' ? (VOLUME.exec(label)?.[1] ?? []) : [])),
    paths: Object.fromEntries(labels.flatMap(({ label, value }) => pathsOf(label, value))),
  };
}

/** Whether everything of a volume is backed up, so that whatever is put there has to come back. */
export function isWhole({ excluded, paths }: BackupPlan, volume: string): boolean {
  return !excluded.includes(volume) && paths[volume] === undefined;
}

function keepsSomething({ volumes }: StackDocument['services'][string]): boolean {
  return (volumes ?? []).some(({ type, source }) => type === 'volume' && source !== undefined && source !== '');
}

function whyNot(document: StackDocument, switches: readonly unknown[]): string {
  if (switches.length > 0) return `its label \`${ENABLE}\` does not say \`true\``;
  const misplaced = Object.entries(document.services).find(([, { labels }]) => labels?.[ENABLE] !== undefined);
  if (misplaced)
    return `the backup labels of \`${misplaced[0]}\` stand under \`labels\`, where nothing reads them: they belong under \`deploy.labels\``;
  return `it keeps data in volumes, and no service has the label \`${ENABLE}=true\``;
}

function pathsOf(label: string, value: string): [string, string[]][] {
  const volume = PATHS.exec(label)?.[1];
  if (volume === undefined) return [];
  const paths = value.split(',').map((path) => path.trim().replace(/^\/+/, ''));
  return [[volume, paths.filter((path) => path !== '')]];
}
