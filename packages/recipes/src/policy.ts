import type { StackDocument } from './document.ts';
import { judgeResources } from './policy-resources.ts';
import { judgeServices } from './policy-services.ts';
import { isAllowed, type Policy, type Violation } from './policy-terms.ts';
import { unknownKeys } from './unknown-keys.ts';

export type { Violation } from './policy-terms.ts';

const topLevelKeys = new Set(['version', 'services', 'networks', 'volumes', 'secrets', 'configs']);

/**
 * Everything in the merged document that could reach the host or a neighbour; empty when it may be deployed.
 * What is not known to be harmless is refused, also where today's Swarm would ignore it.
 */
export function judge(document: StackDocument, policy: Policy): Violation[] {
  const violations = [
    ...unknownKeys('', document, topLevelKeys),
    ...judgeServices(document, policy),
    ...judgeResources(document, policy),
  ];
  return violations.filter((found) => !isAllowed(found, policy.exceptions));
}
