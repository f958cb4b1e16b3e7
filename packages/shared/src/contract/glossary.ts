/*
 * The words of cc-ci, in the order in which they happen. The same word stands for the same thing everywhere.
 *
 * recipe      a git repository that packages an app for Co-op Cloud
 * app         one deployment of a recipe under one domain; its stack is what Docker Swarm runs of it
 * run         one request to test one commit, from the comment to the proof that nothing is left
 * attempt     one try at a run by one runner; a run has more than one only when our own trouble ended the one before
 * tier        a step of a run that asserts something; in front of users: step
 * rung, level a tier's place on the ladder from 0 to `topLevel`, and the highest rung passed with all below passed or skipped
 * verdict     how a run ended: passed, failed (the app), errored (us), cancelled, superseded
 * clean-up    the removal of everything an attempt made, and the proof of it; in front of users also: leftovers
 * ledger      the list of what is about to be created on a host, written before it is created
 * reap        remove what no living attempt owns
 * subject     what the reporter speaks about: a pull request, a run without one, an alert
 * member      somebody whose word starts a run; outsider: somebody whose word does not
 * forge       the Gitea or Forgejo that holds the recipes
 * enrolled    a recipe whose pull requests cc-ci watches
 */

/** The tiers, in the order in which they run. */
export const tiers = ['lint', 'install', 'upgrade', 'backup', 'restore', 'custom', 'integration', 'local', 'extra'] as const;
export type Tier = (typeof tiers)[number];

/** What each tier stands for on the ladder. Backup and restore are one rung; tiers without an entry are on none. */
export const rungs = { install: 1, upgrade: 2, backup: 3, restore: 3, custom: 4, lint: 5 } as const satisfies Partial<
  Record<Tier, number>
>;

/** The top of the ladder. */
export const topLevel = Math.max(...Object.values(rungs));

/** The tiers that this version carries out. The others are part of the record and not yet built; none of them is a rung. */
export const builtTiers: readonly Tier[] = ['lint', 'install', 'upgrade', 'backup', 'restore', 'custom', 'local', 'extra'];

export const verdicts = ['passed', 'failed', 'errored', 'cancelled', 'superseded'] as const;
export type Verdict = (typeof verdicts)[number];
