import { readRecord } from './machine-record.ts';
import { removeMachine } from './remove-machine.ts';

// The process of keeper.ts: sleeps until its owner's end of the pipe is closed, then removes what the record still names.
const [file = ''] = process.argv.slice(2);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdin.on('error', () => undefined).resume();
await new Promise((resolve) => process.stdin.once('close', resolve));
const record = await readRecord(file);
if (record !== undefined) await removeMachine(record);
