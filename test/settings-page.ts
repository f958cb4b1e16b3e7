import { Settings } from '@cc-ci/shared/contract/settings';
import { environmentTable } from '@cc-ci/shared/service/env';
import { z } from 'zod';

/** The environment of each way to start cc-ci. */
type Environments = readonly { readonly title: string; readonly schema: z.ZodObject }[];

/** A part of the JSON Schema that zod makes of the settings; what we do not show passes through. */
const Node = z.looseObject({
  description: z.string().optional(),
  default: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
});

/** The page of all settings: the instance file section by section, then the environment of each process. */
export function settingsPage(environments: Environments): string {
  const schema = Node.parse(z.toJSONSchema(Settings, { io: 'input', unrepresentable: 'any' }));
  return [
    '# Settings',
    '',
    'This page is made from the code by `npm test -- --update`; a test fails when it is not current.',
    '',
    '## The instance file',
    '',
    'One file `cc-ci.yml`, the same copy for every service. Unknown keys are refused, and all mistakes are told at once.',
    '',
    '| setting | default | meaning |',
    '|---|---|---|',
    ...rows(schema, ''),
    '',
    '## The environment',
    '',
    'What differs between two processes. Secrets are files: each variable that ends in `_FILE` names one, which is read again when it changes.',
    ...environments.flatMap(({ title, schema: environment }) => [
      '',
      `### ${title}`,
      '',
      '| variable | default | meaning |',
      '|---|---|---|',
      ...environmentTable(environment).map((row) => `| \`${row.name}\` | ${shown(row.default)} | ${row.sentence} |`),
    ]),
    '',
  ].join('\n');
}

function rows({ properties = {}, required = [] }: z.infer<typeof Node>, prefix: string): string[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const node = Node.parse(value);
    const name = `${prefix}${key}`;
    if (node.properties) return rows(node, `${name}.`);
    const absent = required.includes(key) ? 'required' : '';
    return [
      `| \`${name}\` | ${node.default === undefined ? absent : shown(JSON.stringify(node.default))} | ${node.description ?? ''} |`,
    ];
  });
}

function shown(value: string): string {
  return value === '' || value === 'required' ? value : `\`${value}\``;
}
