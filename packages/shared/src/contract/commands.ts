/** Who may give a command. */
export type Speaker = 'members' | 'anyone';

export interface Flag {
  /** As it is typed, with what follows it. */
  readonly usage: string;
  readonly help: string;
  /** `false`: known, and answered with "not yet". */
  readonly built: boolean;
}

export interface Command {
  readonly usage: string;
  readonly help: string;
  readonly who: Speaker;
  readonly built: boolean;
  readonly flags: Readonly<Record<string, Flag>>;
}

/** The word that the usages below start with. Where the settings name another word, texts and parser use that one. */
export const defaultTriggerWord = '!testme';

/** The command grammar: parser, help, authorisation and the docs page read this one table. */
export const commands = {
  run: {
    usage: '!testme [<commit>]',
    help: 'test the head of this pull request, or the commit given in full',
    who: 'members',
    built: true,
    flags: {
      quick: { usage: '--quick', help: 'start from the saved data of the last good run', built: false },
      'extra-tests': { usage: '--extra-tests', help: 'run the heavy tests of the recipe as well', built: true },
      stages: { usage: '--stages=a,b', help: 'run only these steps, and what they stand on', built: true },
    },
  },
  retry: { usage: '!testme retry', help: 'the same as the bare command', who: 'members', built: true, flags: {} },
  cancel: {
    usage: '!testme cancel',
    help: 'stop the run of this pull request and clean up',
    who: 'members',
    built: true,
    flags: {},
  },
  status: { usage: '!testme status', help: 'say what runs and what waits', who: 'anyone', built: true, flags: {} },
  help: { usage: '!testme help', help: 'show this table', who: 'anyone', built: true, flags: {} },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;
