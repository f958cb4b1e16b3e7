import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isEngineTrouble, refusalOf } from '../apply.ts';
import type { App, Deployer, Release } from '../deployer.ts';
import { DeployRefused, EngineUnavailable, ToolUnfit } from '../errors.ts';
import { CHAOS_VERSION_LENGTH, commitLabel } from '../labels.ts';
import { openSwarmDriver, type SwarmOptions } from '../swarm.ts';
import type { AbraCli, AbraSaid } from './abra-cli.ts';
import { layOutAbraDir } from './abra-dir.ts';
import { abraStack } from './names.ts';

/**
 * Deploys by abra, as operators do. abra is given the document that was judged and nothing else of the recipe; what it did is read
 * from the engine, whatever it says. All that only looks, and all clean-up, is shared with the Swarm driver.
 */
export function openAbraDeployer(abra: AbraCli, options: SwarmOptions): Deployer {
  const swarm = openSwarmDriver(options);
  const folderOf = ({ stack }: Pick<App, 'stack'>): string => join(options.scratch, 'abra', stack);

  /** What abra has to have written on the stack's main service: the commit of the very tree that it was given. */
  const requireDeployed = async (app: App, release: Release, head: string, said: string): Promise<void> => {
    const labels = await swarm.labelsOf(app);
    const own = `coop-cloud.${app.stack}.chaos-version`;
    const found = labels.map((each) => each[own]).find((value) => value !== undefined);
    const isOurs = labels.some((each) => each[commitLabel] === release.commit);
    // Where the recipe has no service `app`, abra has nowhere to write its own label.
    const tree = head.slice(0, CHAOS_VERSION_LENGTH);
    const isThatTree = found?.startsWith(tree) ?? !release.document.services['app'];
    if (isOurs && isThatTree) return;
    throw new ToolUnfit(`abra ${wrongDeployment(found, tree, isThatTree)}. It said: ${lastLines(said)}`);
  };

  return {
    ...swarm.deployer,
    driver: 'abra',
    stackOf: abraStack,
    async apply(app, release, signal) {
      await swarm.makeReady(app, release, signal);
      const { folder, head } = await layOutAbraDir(folderOf(app), app, release, signal);
      const said = await abra.deploy(app.domain, folder, signal);
      if (!said.succeeded || isFatal(said)) throw refusal(said);
      await requireDeployed(app, release, head, said.text);
    },
    async remove(app, signal, keep) {
      const removal = await swarm.deployer.remove(app, signal, keep);
      if (removal.left.length === 0) await rm(folderOf(app), { recursive: true, force: true });
      return removal;
    },
  };
}

function wrongDeployment(found: string | undefined, tree: string, isThatTree: boolean): string {
  if (found === undefined) return 'deployed nothing that carries its label';
  if (!isThatTree) return `deployed \`${found}\` instead of \`${tree}\``;
  return `left no service with the label \`${commitLabel}\` of the commit`;
}

/** It ends with 0 after some of these. */
function isFatal({ text }: AbraSaid): boolean {
  return /^\s*(?:FATA|FATAL)\b/m.test(text);
}

function refusal({ text }: AbraSaid): Error {
  const said = lastLines(text);
  return isEngineTrouble(text) ? new EngineUnavailable('deploy', said) : new DeployRefused(refusalOf(said));
}

/** abra draws an overview before it says what went wrong. */
const LAST_LINES = 5;

function lastLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const fatal = lines.filter((line) => /\bFATA/.test(line));
  return (fatal.length > 0 ? fatal : lines.slice(-LAST_LINES)).join('\n').trim();
}
