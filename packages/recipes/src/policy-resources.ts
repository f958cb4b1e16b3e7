import { insideCheckout } from './checkout-file.ts';
import type { StackDocument } from './document.ts';
import { pathOutside } from './path-outside.ts';
import { type Policy, type Violation, violation } from './policy-terms.ts';
import { reservedLabels } from './reserved-labels.ts';
import { unknownKeys } from './unknown-keys.ts';

type Kind = 'networks' | 'volumes' | 'secrets' | 'configs';
type Network = NonNullable<StackDocument['networks']>[string];
type Volume = NonNullable<StackDocument['volumes']>[string];
type NamedFile = NonNullable<StackDocument['configs']>[string];

const common = ['name', 'external', 'labels', 'driver', 'driver_opts'];
const keys = {
  networks: new Set([...common, 'ipam', 'internal', 'attachable']),
  volumes: new Set(common),
  secrets: new Set([...common, 'file', 'template_driver']),
  configs: new Set([...common, 'file', 'template_driver']),
};
const networkOptions = new Set(['encrypted', 'com.docker.network.driver.mtu']);

/** What the networks, volumes, secrets and configs of a document reach outside of its own stack. */
export function judgeResources(document: StackDocument, policy: Policy): Violation[] {
  const each = <R>(kind: Kind, resources: Readonly<Record<string, R>> = {}, judged: (at: string, resource: R) => Violation[]) =>
    Object.entries(resources).flatMap(([key, resource]) => judged(`${kind}.${key}`, resource));
  const file = (at: string, resource: NamedFile) => judgeFile(at, resource, policy);
  return [
    ...(['networks', 'volumes', 'secrets', 'configs'] as const).flatMap((kind) => judgeKind(kind, document, policy)),
    ...each('networks', document.networks, judgeNetwork),
    ...each('volumes', document.volumes, judgeVolume),
    ...each('secrets', document.secrets, file),
    ...each('configs', document.configs, file),
  ];
}

/** What holds for every kind: own names, known keys, no labels of others. */
function judgeKind(kind: Kind, document: StackDocument, policy: Policy): Violation[] {
  return Object.entries(document[kind] ?? {}).flatMap(([key, resource]) => {
    const at = `${kind}.${key}`;
    const name = resource.name ?? (resource.external ? key : `${policy.stack}_${key}`);
    const shared = kind === 'networks' && resource.external === true && policy.allowedNetworks.includes(name);
    const own = name.startsWith(`${policy.stack}_`);
    const foreign = violation({
      rule: 'foreign-name',
      key: `${at}.name`,
      value: name,
      problem: `\`${name}\` (${at}) is not this app's own: its names begin with \`${policy.stack}_\`.`,
      instead: 'Leave `name` out, or begin it with the stack name',
    });
    return [
      ...(own || shared ? [] : [foreign]),
      ...unknownKeys(at, resource, keys[kind]),
      ...reservedLabels(`${at}.labels`, resource.labels),
    ];
  });
}

function judgeNetwork(at: string, network: Network): Violation[] {
  const options = Object.keys(network.driver_opts ?? {}).filter((option) => !networkOptions.has(option));
  return [
    ...otherDriver(`${at}.driver`, network.driver, 'overlay'),
    ...otherDriver(`${at}.ipam.driver`, network.ipam?.driver, 'default'),
    ...options.map((option) => driverOption(at, option)),
  ];
}

/** The local driver hands its options to mount(2), which can bring in any part of the host; memory is the harmless case. */
function judgeVolume(at: string, volume: Volume): Violation[] {
  const { type, device, o, ...others } = volume.driver_opts ?? {};
  const memory = type === 'tmpfs' && device === 'tmpfs' && tmpfsOptions.test(o ?? '');
  const plain = type === undefined && device === undefined && o === undefined;
  const value = device ?? type ?? o ?? '';
  const mount = violation({
    rule: 'host-path',
    key: `${at}.driver_opts`,
    value,
    problem: `Volume \`${at.slice('volumes.'.length)}\` mounts \`${value}\` from outside the stack.`,
    instead: 'Use a plain named volume',
  });
  return [
    ...otherDriver(`${at}.driver`, volume.driver, 'local'),
    ...(plain || memory ? [] : [mount]),
    ...Object.keys(others).map((option) => driverOption(at, option)),
    // Known to the docker CLI as more than an annotation: a volume of the cluster, by a plugin.
    ...('x-cluster-spec' in volume ? otherDriver(`${at}.x-cluster-spec`, 'cluster', 'local') : []),
  ];
}
const tmpfsOptions = /^(?:(?:(?:size|uid|gid|mode|nr_inodes)=[\w%]+|ro|rw|noexec|nosuid|nodev|noatime)(?:,|$))*$/;

function judgeFile(at: string, resource: NamedFile, { checkout, resolve }: Policy): Violation[] {
  const { file } = resource;
  const outside = file !== undefined && !insideCheckout(checkout, resolve(file) ?? file);
  return [
    ...(outside ? [pathOutside(`${at}.file`, file)] : []),
    ...otherDriver(`${at}.driver`, resource.driver, ''),
    ...otherDriver(`${at}.template_driver`, resource.template_driver, 'golang'),
    ...Object.keys(resource.driver_opts ?? {}).map((option) => driverOption(at, option)),
  ];
}

function otherDriver(key: string, driver: string | undefined, ordinary: string): Violation[] {
  if (driver === undefined || driver === '' || driver === ordinary) return [];
  const instead = ordinary === '' ? 'Leave it out' : `Use \`${ordinary}\``;
  return [
    violation({ rule: 'driver', key, value: driver, problem: `\`${key}: ${driver}\` acts outside of the stack.`, instead }),
  ];
}

function driverOption(at: string, option: string): Violation {
  const key = `${at}.driver_opts`;
  const problem = `The driver option \`${option}\` (${at}) is not known to be harmless.`;
  return violation({ rule: 'driver', key, value: option, problem, instead: 'Leave it out' });
}
