import { z } from 'zod';
import { nixText } from './nix-text.ts';

/** An option, as nix/checks/options.nix tells of it. */
export const NixOption = z.object({
  name: z.string(),
  description: z.string(),
  type: z.string(),
  /** A value, or words where it is made of other options. Absent: the option has to be set. */
  default: z.union([z.object({ value: z.unknown() }), z.object({ text: z.string() })]).optional(),
  example: z.unknown().optional(),
});
export type NixOption = z.infer<typeof NixOption>;

/** The page of all options of the NixOS modules. */
export function optionsPage(options: readonly NixOption[]): string {
  return [
    '# Options of the NixOS modules',
    '',
    'This page is made from `nix/modules/` by `npm test -- --update`; a test fails when it is not current. How they are used is in',
    '[nixos.md](nixos.md).',
    ...options.flatMap((option) => [
      '',
      `## \`${option.name}\``,
      '',
      option.description.trim(),
      '',
      `- Type: ${option.type.replaceAll(/[*[\]<>_]/g, (sign) => `\\${sign}`)}`,
      ...defaultOf(option),
      ...('example' in option ? [`- Example: \`${inOneLine(option.example)}\``] : []),
    ]),
    '',
  ].join('\n');
}

function defaultOf(option: NixOption): string[] {
  if (option.default === undefined) return ['- Has to be set'];
  return ['text' in option.default ? `- Default: ${option.default.text}` : `- Default: \`${inOneLine(option.default.value)}\``];
}

function inOneLine(value: unknown): string {
  return nixText(value).replaceAll(/\s+/g, ' ');
}
