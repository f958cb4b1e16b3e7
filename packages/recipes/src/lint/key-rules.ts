import { type ComposeFile, type ServiceAsWritten, within, written } from './compose-file.ts';
import { error, type LintFinding, warning } from './finding.ts';

/** Read by `docker stack deploy`, and not acted on. (`restart` is, where there is no `restart_policy`.) */
const ignored = [
  'build',
  'cgroup_parent',
  'cgroupns_mode',
  'container_name',
  'depends_on',
  'devices',
  'domainname',
  'expose',
  'external_links',
  'ipc',
  'links',
  'mac_address',
  'network_mode',
  'pid',
  'privileged',
  'security_opt',
  'shm_size',
  'tmpfs',
  'userns_mode',
];

/** abra checks these before it fills in variables. */
const durations = [
  ['healthcheck', 'interval'],
  ['healthcheck', 'timeout'],
  ['healthcheck', 'start_period'],
  ['stop_grace_period'],
  ['deploy', 'update_config', 'delay'],
  ['deploy', 'update_config', 'monitor'],
  ['deploy', 'rollback_config', 'delay'],
  ['deploy', 'rollback_config', 'monitor'],
  ['deploy', 'restart_policy', 'delay'],
  ['deploy', 'restart_policy', 'window'],
];

/** Keys that do nothing, and values that only one of abra and docker takes. */
export function keyFindings(files: readonly ComposeFile[]): LintFinding[] {
  return files.flatMap((file) =>
    [...file.services].flatMap(([name, service]) => [
      ...ignoredKeys(file, name, service),
      ...variableDurations(file, name, service),
    ]),
  );
}

function ignoredKeys({ raw }: ComposeFile, name: string, { file, fields }: ServiceAsWritten): LintFinding[] {
  return ignored
    .filter((key) => fields.has(key))
    .map((key) =>
      warning('ignored-key', { file, line: raw.lineOf(fields.get(key)) }, [
        `\`${key}\` of \`${name}\` does nothing on a Swarm`,
        `leave out \`${key}\` of \`${name}\``,
      ]),
    );
}

function variableDurations(source: ComposeFile, name: string, { file, fields }: ServiceAsWritten): LintFinding[] {
  return durations.flatMap((path) => {
    const key = path.join('.');
    const value = written(source.raw, within(source, fields, ...path.slice(0, -1)).get(path.at(-1) ?? ''));
    if (!value?.text.includes('$')) return [];
    return [
      error('duration', { file, line: value.line }, [
        `\`${key}\` of \`${name}\` is \`${value.text}\`, and abra takes no variable in a duration`,
        `write out \`${key}\` of \`${name}\`, e.g. \`5m\``,
      ]),
    ];
  });
}
