import { existsSync } from 'node:fs';
import type { Debian } from './debian.ts';
import type { LinkAddresses } from './link-address.ts';
import { runProgram } from './run-program.ts';
import { until } from './until.ts';

/** The kernel takes a dead engine's end of the link away within this, and the host's end with it. */
const LINK_GONE_WITHIN_MS = 10_000;

/**
 * Makes a pair of connected network devices on the host, `name` and the end for the engine.
 * False when the host has a device of that name, which makes the name a claim: two machines never get the same.
 */
export async function createLink(debian: Debian, name: string): Promise<boolean> {
  try {
    await ip(debian, 'link', 'add', name, 'type', 'veth', 'peer', 'name', engineEnd(name));
    return true;
  } catch (error) {
    if (existsSync(deviceFolder(name))) return false;
    throw error;
  }
}

/** Hands the engine's end over to the network namespace of process `pid`, as `eth0`, and gives the host's end its address. */
export async function connectLink(debian: Debian, name: string, addresses: LinkAddresses, pid: number): Promise<void> {
  await ip(debian, 'link', 'set', engineEnd(name), 'netns', String(pid), 'name', 'eth0');
  await ip(debian, 'addr', 'add', `${addresses.host}/30`, 'dev', name);
  await ip(debian, 'link', 'set', name, 'up');
}

/** Resolves when the link has gone with the engine's namespace. */
export async function untilLinkIsGone(name: string): Promise<void> {
  await until(`The removal of the link ${name}`, () => !existsSync(deviceFolder(name)), { withinMs: LINK_GONE_WITHIN_MS });
}

function engineEnd(name: string): string {
  return `${name}e`;
}

function deviceFolder(name: string): string {
  return `/sys/class/net/${name}`;
}

async function ip(debian: Debian, ...args: string[]): Promise<void> {
  await runProgram(debian.program('ip'), args, { env: debian.environment });
}
