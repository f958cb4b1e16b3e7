import type { ComposeFile, ServiceAsWritten } from './compose-file.ts';
import { error, type LintFinding, warning } from './finding.ts';

/** What the services of all compose files together are held to. An overlay that is not enabled is somebody's configuration all the same. */
export function serviceFindings(files: readonly ComposeFile[], hasDomain: boolean): LintFinding[] {
  const parts = files.flatMap(({ services }) => [...services].map(([name, part]) => ({ name, part })));
  const byName = Object.groupBy(parts, ({ name }) => name);
  return [
    ...('app' in byName ? [] : [appMissing]),
    ...(hasDomain ? routeFindings(files) : []),
    ...Object.entries(byName).flatMap(([name, of = []]) =>
      bareService(
        name,
        of.map(({ part }) => part),
      ),
    ),
    ...parts.flatMap(({ name, part }) => misplacedLabels(name, part)),
  ];
}

const appMissing = error('R009', { file: 'compose.yml', line: null }, [
  'no service is named `app`, where abra looks for the version and the time limit',
  'name the service that people use `app`',
]);

/** R010: what has a domain is meant to be reached. */
function routeFindings(files: readonly ComposeFile[]): LintFinding[] {
  const services = files.flatMap((file) => [...file.services]);
  const isOn = (labels: ServiceAsWritten['labels']): boolean => labels.get('traefik.enable')?.text === 'true';
  if (services.some(([, { deployLabels }]) => isOn(deployLabels))) return [];
  const misplaced = services.find(([, { labels }]) => isOn(labels));
  const app = services.find(([name]) => name === 'app');
  const { file, line } = misplaced?.[1] ?? app?.[1] ?? { file: 'compose.yml', line: null };
  return [
    error('R010', { file, line }, [
      'no service has the label `traefik.enable=true` in `deploy`, so the proxy leads nobody to it',
      misplaced
        ? `move the labels of \`${misplaced[0]}\` into its \`deploy\``
        : 'give `app` the label `traefik.enable=true` in `deploy`',
    ]),
  ];
}

/** R002, R011: what a service needs in one of the files. */
function bareService(name: string, parts: readonly ServiceAsWritten[]): LintFinding[] {
  const [first] = parts;
  const has = (key: string): boolean => parts.some(({ fields }) => fields.has(key));
  if (first && !has('image'))
    return [
      error('R011', first, [
        `\`${name}\` has no image, so nothing can be deployed with this file`,
        `give \`${name}\` in \`${first.file}\` an image`,
      ]),
    ];
  if (!first || has('healthcheck')) return [];
  return [
    warning('R002', first, [
      `\`${name}\` has no health check, so it counts as up as soon as its process runs`,
      `give \`${name}\` a \`healthcheck\``,
    ]),
  ];
}

const readers = [
  ['traefik.', 'the proxy'],
  ['coop-cloud.', 'abra'],
  ['backupbot.', 'the backup'],
] as const;

/** Labels where nobody reads them, one finding for each of their readers. */
function misplacedLabels(name: string, { file, labels }: ServiceAsWritten): LintFinding[] {
  return readers.flatMap(([prefix, reader]) => {
    const found = [...labels].find(([key]) => key.startsWith(prefix));
    if (!found) return [];
    const [key, { line }] = found;
    return [
      warning('label-level', { file, line }, [
        `\`${key}\` is a label of the containers of \`${name}\`, where ${reader} does not look`,
        `move \`${key}\` to the labels in \`deploy\` of \`${name}\``,
      ]),
    ];
  });
}
