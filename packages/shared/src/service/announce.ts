import type { Subject } from '../contract/ids.ts';
import type { Log } from './log.ts';
import type { Producer } from './queue-producer.ts';

/**
 * Wakes the reporter after a record has changed. Never rejects: the change is written by then, and a reporter that misses this
 * finds it within a minute.
 */
export function openAnnouncer(producer: Pick<Producer, 'add'>, log: Log): (subject: Subject) => Promise<void> {
  return (subject) =>
    producer
      .add('reports', { v: 1, subject })
      .catch((err: unknown) => log.debug({ subject, err }, 'The reporter could not be woken.'));
}
