import { forgeToTest } from './config.ts';
import { forgeContract } from './contract-suite.ts';

forgeContract('a real forge', async () => ({ ...forgeToTest(), fetch, [Symbol.asyncDispose]: async () => {} }));
