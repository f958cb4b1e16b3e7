import { Settings } from '@cc-ci/shared/contract/settings';
import { openLog } from '@cc-ci/shared/service/log';
import { z } from 'zod';
import { startRunner } from '../src/service.ts';

// A runner in a process of its own, for the tests that kill it.
const Argument = z.object({
  folder: z.string(),
  host: z.string(),
  dockerHost: z.string(),
  redisUrl: z.string(),
  settings: Settings,
});
const { settings, ...options } = Argument.parse(JSON.parse(process.argv[2] ?? ''));
const log = openLog({ service: 'runner', instance: settings.instance });
await startRunner({ ...options, settings, log, capacity: 1, forgeToken: async () => undefined });
