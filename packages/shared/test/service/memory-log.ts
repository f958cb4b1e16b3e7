import { type Log, type LogLevel, openLog } from '../../src/service/log.ts';

/** A log that keeps its lines as they were written. */
export interface MemoryLog {
  readonly log: Log;
  readonly lines: string[];
  /** How many lines say this. */
  count(text: string): number;
}

export function memoryLog(level: LogLevel = 'info'): MemoryLog {
  const lines: string[] = [];
  const log = openLog({ service: 'test', instance: 'here', level, destination: { write: (line) => lines.push(line) } });
  return { log, lines, count: (text) => lines.filter((line) => line.includes(text)).length };
}
