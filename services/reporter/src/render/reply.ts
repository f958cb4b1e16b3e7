import { type Command, commands, defaultTriggerWord, type Flag } from '@cc-ci/shared/contract/commands';
import type { IntakeRecord, Reply } from '@cc-ci/shared/contract/intake';
import { counted } from '@cc-ci/shared/service/counted';
import { cell, code, name, prose } from './escape.ts';
import { queueUrl, requestsUrl, runUrl, shortCommit } from './links.ts';
import { listing } from './listing.ts';

/** What replies are made from, besides the record. */
export interface ReplyFacts {
  readonly publicUrl: string;
  readonly triggerWord: string;
}

/** What cc-ci says to a comment that did not become a run. No line starts with a command: see escape.ts. */
export function replyText(reply: Reply, author: IntakeRecord['author'], facts: ReplyFacts): string {
  const word = code(facts.triggerWord);
  switch (reply.about) {
    case 'help':
      return help(facts.triggerWord);
    case 'not-yet':
      return `I know ${code(reply.what)}, but this version of cc-ci cannot do it yet. Nothing was started.\n${seeHelp(facts.triggerWord)}`;
    case 'mistake':
      return mistake(reply, facts.triggerWord);
    case 'outsider':
      return outsider(reply, facts);
    case 'head-moved':
      return headMoved(reply, author, facts.triggerWord);
    case 'foreign-commit':
      return (
        `The commit ${code(reply.named)} is not one of this pull request. I have not started a test.\n` +
        `To test the present head, comment ${code(`${facts.triggerWord} ${reply.present}`)}.`
      );
    case 'closed':
      return `This pull request is closed, so I have not started a test. Reopen it and comment ${word} once more.`;
    case 'not-a-member':
      return notAMember(reply);
    case 'nothing-to-stop':
      return 'Nothing of this pull request runs or waits, so there is nothing to stop.';
    case 'too-many':
      return tooMany(reply, facts);
    case 'status':
      return status(reply, facts);
    case 'already':
      return `That test is already on its way: [run ${code(reply.run)}](${runUrl(facts.publicUrl, reply.run)}). Its result comes as a comment here.`;
  }
}

function help(word: string): string {
  const rows = Object.values<Command>(commands).flatMap((command) => [
    row(command.help, command.usage, command, word),
    ...Object.values(command.flags).map((flag) => row(flag.help, `${defaultTriggerWord} ${flag.usage}`, flag, word)),
  ]);
  const forAnyone = Object.values<Command>(commands).filter((command) => command.built && command.who === 'anyone');
  return [
    `I test recipes. A command stands alone at the start of a line in a comment, for example ${code(word)}.`,
    '',
    '| what it does | command |',
    '|---|---|',
    ...rows,
    '',
    `Anyone may use ${listing(forAnyone.map((command) => code(spoken(command.usage, word))))}; the others are for members of the organisation.`,
  ].join('\n');
}

function row(what: string, usage: string, { built }: Command | Flag, word: string): string {
  return `| ${cell(what)}${built ? '' : ' (not yet)'} | ${code(spoken(usage, word)).replaceAll('|', '¦')} |`;
}

function mistake({ said, didYouMean, problem }: Extract<Reply, { about: 'mistake' }>, word: string): string {
  const meant = didYouMean === null ? '' : ` Did you mean ${code(didYouMean)}?`;
  return [
    `You wrote ${code(said)}. ${prose(problem)}${meant} Nothing was started.`,
    `A command stands alone at the start of a line. ${seeHelp(word)}`,
  ].join('\n');
}

function outsider(
  { organisation, commit, visibility }: Extract<Reply, { about: 'outsider' }>,
  { publicUrl, triggerWord: word }: ReplyFacts,
): string {
  return [
    'Thank you for this pull request. I have not started a test: it would run your commit on our server,',
    `and that is for members of ${code(organisation)} to decide, after they have read it.`,
    '',
    `A member's comment ${code(word)} here starts it, for ${code(shortCommit(commit))} and no other commit.`,
    `After another push, somebody needs to ask again. Your request is on the [list of open requests](${requestsUrl(publicUrl)}).`,
    ...(visibility === 'public-only'
      ? [
          'If you are a member: I can see public memberships only. Make yours public, or ask an operator to add me to the organisation.',
        ]
      : []),
  ].join('\n');
}

function notAMember({ organisation, visibility }: Extract<Reply, { about: 'not-a-member' }>): string {
  const unseen = ' If you are one: I can see public memberships only, so make yours public.';
  return `Only members of ${code(organisation)} stop a run. Nothing was stopped.${visibility === 'public-only' ? unseen : ''}`;
}

function tooMany({ limit, runs }: Extract<Reply, { about: 'too-many' }>, { publicUrl, triggerWord }: ReplyFacts): string {
  const theirs = listing(runs.map((id) => `[${code(id)}](${runUrl(publicUrl, id)})`));
  return (
    `You have as many runs waiting or going on as one person may have here (${limit}): ${theirs}. I have not started another.\n` +
    `When one of them is over, comment ${code(triggerWord)} once more.`
  );
}

function status({ here, running, waiting, runners }: Extract<Reply, { about: 'status' }>, { publicUrl }: ReplyFacts): string {
  const own =
    here === null
      ? 'Nothing of this pull request runs or waits.'
      : `${here.state === 'queued' ? 'Here: waiting' : `Here: testing${here.step === null ? '' : `, at ${here.step}`}`}, in [run ${code(here.run)}](${runUrl(publicUrl, here.run)}).`;
  const up = runners === 0 ? 'No runner is up, so what waits goes on waiting' : `${counted(runners, 'runners')} up`;
  return `${own}\nOn all of cc-ci: ${counted(running, 'runs')} going on, ${waiting} waiting. ${up}. [The queue](${queueUrl(publicUrl)}) has more.`;
}

function headMoved({ present, why }: Extract<Reply, { about: 'head-moved' }>, author: string, word: string): string {
  const happened =
    why === 'pushed-after-comment'
      ? `Somebody else pushed after the comment of ${name(author)}, so the commit that was meant is not the head any more.`
      : 'The forge does not tell which commit was the head at the moment of the comment.';
  return [
    `${happened} I have not started a test.`,
    `If you have read ${code(shortCommit(present))} and mean it, comment ${code(`${word} ${present}`)}.`,
  ].join('\n');
}

function seeHelp(word: string): string {
  const known = Object.values<Command>(commands).filter((command) => command.built);
  const usual = listing(known.map((command) => code(spoken(command.usage, word))));
  return `The commands are ${usual}; ${code(`${word} help`)} explains them.`;
}

function spoken(usage: string, word: string): string {
  return usage.replace(defaultTriggerWord, () => word);
}
