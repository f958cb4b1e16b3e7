/** The organisation that the demo's recipes belong to. */
export const organisation = 'coop';

/** Who is who in the demo. Everybody but the outsider is a member of the organisation. */
export const people = {
  owner: 'ana',
  author: 'boris',
  outsider: 'olga',
  bot: 'cc-ci',
} as const;
