import { Settings } from '@cc-ci/shared/contract/settings';
import { z } from 'zod';
import { nixText } from './nix-text.ts';

/** The environment of each service, by name. */
type Environments = Readonly<Record<string, z.ZodObject>>;

/** What the Nix modules make their options of: the schemas that the services check their settings with. */
export function schemaFile(environments: Environments): string {
  const schema = {
    settings: schemaOf(Settings),
    environment: Object.fromEntries(Object.entries(environments).map(([name, environment]) => [name, schemaOf(environment)])),
  };
  return [
    '# Made from the code by `npm test -- --update`; a test fails when it is not current. Read by ./options-of.nix.',
    nixText(schema),
    '',
  ].join('\n');
}

function schemaOf(schema: z.ZodType): unknown {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
