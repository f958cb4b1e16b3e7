import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Config = z.object({
  FORGE_URL: z.url().describe('Where the forge to test answers, such as http://localhost:3000'),
  FORGE_ADMIN_TOKEN_FILE: z.string().describe('File with a token of a site admin, scope "all": it makes and removes users'),
});

/** The forge to run the contract suite against. Throws one line per setting that is missing or wrong. */
export function forgeToTest(): { url: string; adminToken: string } {
  const parsed = Config.safeParse(process.env);
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map(({ path }) => path[0]));
    const lines = Object.entries(Config.shape).filter(([name]) => wrong.has(name));
    throw new Error(
      `The contract suite needs a forge. Set:\n${lines.map(([name, { description }]) => `${name}: ${description}`).join('\n')}`,
    );
  }
  const { FORGE_URL, FORGE_ADMIN_TOKEN_FILE } = parsed.data;
  return { url: FORGE_URL.replace(/\/+$/, ''), adminToken: readFileSync(FORGE_ADMIN_TOKEN_FILE, 'utf8').trim() };
}
