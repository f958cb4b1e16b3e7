// Loaded before a service by the soak: on SIGUSR2 it writes down what the process holds once everything unused is collected.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readWeigh } from './config.ts';

const { CCCI_WEIGH_FOLDER: folder } = readWeigh();

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

process.on('SIGUSR2', () => {
  // Twice: what a finaliser lets go of in the first is collected by the second.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  const path = join(folder, String(process.pid));
  writeFileSync(`${path}.new`, JSON.stringify({ heapUsed, external }));
  renameSync(`${path}.new`, path);
});
