import type { IntakeRecord, Reply } from '@cc-ci/shared/contract/intake';
import { type Marker, replyMarker, runMarker } from '@cc-ci/shared/contract/report';
import { type ProgressFacts, progressText } from './progress.ts';
import { type ReplyFacts, replyText } from './reply.ts';
import { foldedText, type ResultFacts, resultText } from './result.ts';

/** A comment of ours as it should be: `body` starts with the marker by which it is found again. */
export interface WantedComment {
  readonly marker: Marker;
  readonly body: string;
}

/** The comment of a run that goes on. */
export function progressComment(facts: ProgressFacts): WantedComment {
  return comment(runMarker(facts.run.instance, facts.run.id, 'progress'), progressText(facts));
}

/** The comment of a run that ended. `overtaken`: a newer run of the same pull request has its own. */
export function resultComment(facts: ResultFacts, overtaken: boolean): WantedComment {
  const marker = runMarker(facts.run.instance, facts.run.id, 'result');
  return comment(marker, overtaken ? foldedText(facts) : resultText(facts));
}

/** The answer to a comment that did not become a run. */
export function replyComment(
  instance: string,
  { commentId, author }: IntakeRecord,
  reply: Reply,
  facts: ReplyFacts,
): WantedComment {
  return comment(replyMarker(instance, commentId), replyText(reply, author, facts));
}

function comment(marker: Marker, text: string): WantedComment {
  return { marker, body: `${marker}\n${text}` };
}
