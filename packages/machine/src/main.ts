import { busyboxImage, nginxImage, redisImage } from './image-bases.ts';
import { startMachine } from './machine.ts';
import { MachineRefused } from './refusal.ts';
import { cleanStale } from './remove-machine.ts';

// For developers: `node packages/machine/src/main.ts up` starts a machine, prints one line of JSON and stays until SIGINT or SIGTERM;
// `clean` removes what dead machines left.
const EX_USAGE = 64;
const [command = 'up'] = process.argv.slice(2);
const note = (text: string): void => {
  process.stderr.write(`machine: ${text}\n`);
};
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.abort());

try {
  if (command === 'up') await up(ended.signal);
  else if (command === 'clean') note(`removed ${(await cleanStale()).join(', ') || 'nothing'}`);
  else {
    note(`unknown command ${command}; known: up, clean`);
    process.exitCode = EX_USAGE;
  }
} catch (error) {
  if (error instanceof MachineRefused) {
    note(error.message);
    process.exitCode = error.exitCode;
  } else if (error !== ended.signal.reason) throw error;
}

async function up(signal: AbortSignal): Promise<void> {
  await using machine = await startMachine({
    images: [
      { references: ['library/busybox:1.36.1'], from: busyboxImage },
      { references: ['library/nginx:1.25.3', 'library/nginx:1.27.0'], from: nginxImage },
      { references: ['library/redis:7.2.4', 'library/redis:7'], from: redisImage },
    ],
    report: note,
    signal,
  });
  process.stdout.write(`${JSON.stringify(machine.description)}\n`);
  await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve())));
}
