import { ToolUnfit } from '../errors.ts';

/** abra cuts what is longer, so that two domains that begin alike would share a stack. Characters. */
const LONGEST_STACK = 45;

/** The stack that abra deploys an app of this domain as. Throws ToolUnfit for a domain that it would cut. */
export function abraStack(domain: string): string {
  const stack = domain.replaceAll('.', '_');
  if (stack.length <= LONGEST_STACK) return stack;
  throw new ToolUnfit(
    `abra cuts names after ${LONGEST_STACK} characters, and ${domain} has ${domain.length}: use a shorter \`deploy.apps_domain\`.`,
  );
}
