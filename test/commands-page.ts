import { type Command, commands, type Flag } from '@cc-ci/shared/contract/commands';
import { builtTiers } from '@cc-ci/shared/contract/glossary';

/** The page of the commands, made of the one table that parser, help and authorisation read. */
export function commandsPage(): string {
  const rows = Object.values<Command>(commands).flatMap((command) => [
    row(command.usage, command.help, command),
    ...Object.values(command.flags).map((flag) => row(`!testme ${flag.usage}`, flag.help, { ...flag, who: command.who })),
  ]);
  return [
    '# Commands',
    '',
    'What people write into a comment on a pull request. A command stands alone at the start of a line, and a comment holds one; in quotes, in',
    'code and in hidden text it is none. The word itself is a setting (`trigger.word`).',
    '',
    '| command | what it does | for |',
    '| --- | --- | --- |',
    ...rows,
    '',
    `The steps are ${builtTiers.map((tier) => `\`${tier}\``).join(', ')}. \`--stages=extra\` means all of them and the extra tests; every other choice is a`,
    'part of a run, which sets no level, no badge and no commit status.',
    '',
    'Members are those of the organisation that owns the repository, and whoever is on the list `people.allow`; in a repository of a person, that',
    'person and the collaborators. A comment of anybody else is answered with who can help.',
    '',
  ].join('\n');
}

function row(usage: string, help: string, { built, who }: Pick<Command, 'built' | 'who'> & Partial<Flag>): string {
  return `| \`${usage}\` | ${help}${built ? '' : ' (not built yet)'} | ${who === 'members' ? 'members' : 'anyone'} |`;
}
