import { relative, resolve as resolvePath } from 'node:path';
import { insideCheckout } from './checkout-file.ts';
import type { StackDocument, StackService } from './document.ts';
import { pathOutside } from './path-outside.ts';
import { routes } from './policy-routes.ts';
import { type Finding, type Policy, type Rule, type Violation, violation } from './policy-terms.ts';
import { reservedLabels } from './reserved-labels.ts';
import { unknownKeys } from './unknown-keys.ts';

/** Keys that stay inside the container, are ignored by Swarm, or are judged below. */
const serviceKeys = new Set(
  `image command entrypoint environment env_file labels deploy healthcheck configs secrets networks depends_on expose container_name
  hostname domainname user working_dir init tty stdin_open read_only restart stop_signal stop_grace_period tmpfs ulimits extra_hosts
  dns dns_search cap_drop links external_links mac_address build shm_size volumes ports logging cap_add devices security_opt sysctls
  privileged network_mode pid ipc userns_mode cgroupns_mode cgroup_parent isolation credential_spec oom_score_adj`.split(/\s+/),
);
const deployKeys = new Set(
  'mode replicas endpoint_mode labels placement resources restart_policy update_config rollback_config'.split(' '),
);
const attachmentKeys = new Set(['aliases', 'ipv4_address', 'ipv6_address']);

/** What the engine gives every container anyway: asking for one of these, as after `cap_drop: ALL`, adds nothing. */
const ordinaryCapabilities = new Set(
  `AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT`.split(
    ' ',
  ),
);
/** Those that keep the log on this host, in the engine's own files. */
const localLogDrivers = new Set(['json-file', 'local', 'none']);
/** What a container gets anyway, and what Swarm ignores without harm. */
const ownNamespace = new Set(['', 'bridge', 'default', 'none', 'private', 'shareable']);
const noNewPrivileges = /^no-new-privileges(?:[:=]true)?$/;

/** What the services of a document ask of the host. */
export function judgeServices(document: StackDocument, policy: Policy): Violation[] {
  return Object.entries(document.services).flatMap(([name, service]) => {
    const at = `services.${name}`;
    const findings = [mounts, ports, routes, capabilities, namespaces, privileges, logging].flatMap((judged) =>
      judged(service, policy),
    );
    const violations = findings.map(({ does, key, ...found }) =>
      violation({ ...found, key: `${at}.${key}`, problem: `Service \`${name}\` ${does}.` }),
    );
    return [...violations, ...envFiles(at, service, policy), ...keysAndLabels(at, service)].map((found) => ({
      ...found,
      service: name,
    }));
  });
}

function keysAndLabels(at: string, service: StackService): Violation[] {
  return [
    ...unknownKeys(at, service, serviceKeys),
    ...unknownKeys(`${at}.deploy`, service.deploy ?? {}, deployKeys),
    ...Object.entries(service.networks ?? {}).flatMap(([network, attachment]) =>
      unknownKeys(`${at}.networks.${network}`, attachment ?? {}, attachmentKeys),
    ),
    ...reservedLabels(`${at}.labels`, service.labels),
    ...reservedLabels(`${at}.deploy.labels`, service.deploy?.labels),
  ];
}

/** The docker CLI has read these already; should it have met one that judgePaths did not, then at least nothing of it is deployed. */
function envFiles(at: string, service: StackService, { checkout, resolve }: Policy): Violation[] {
  const outside = (path: string) => {
    const wanted = resolvePath(checkout, path);
    return !insideCheckout(checkout, resolve(wanted) ?? wanted);
  };
  return (service.env_file ?? []).filter(outside).map((path) => pathOutside(`${at}.env_file`, path));
}

function mounts(service: StackService, { checkout }: Policy): Finding[] {
  return (service.volumes ?? []).flatMap((mount): Finding[] => {
    if (mount.type === 'volume' || mount.type === 'tmpfs') return [];
    const value = withoutCheckout(checkout, mount.source ?? mount.type);
    if (value.endsWith('.sock')) {
      const does = `mounts the socket \`${value}\`: whoever has the engine has the host`;
      return [{ rule: 'docker-socket', key: 'volumes', value, does, instead: 'Leave it out' }];
    }
    const instead = 'Keep data in a named volume and ship files as configs';
    return [{ rule: 'host-path', key: 'volumes', value, does: `mounts \`${value}\` of the host`, instead }];
  });
}

/** Where a checkout lies differs from run to run, so nobody could allow a path that contains it. */
function withoutCheckout(checkout: string, path: string): string {
  return insideCheckout(checkout, path) ? `./${relative(checkout, path)}` : path;
}

function ports(service: StackService): Finding[] {
  return (service.ports ?? []).map((port) => {
    const value = `${port.published ?? port.target}/${port.protocol ?? 'tcp'}`;
    const instead = 'Let the proxy route to it over network `proxy`';
    return { rule: 'port', key: 'ports', value, does: `publishes port ${value} on the host`, instead };
  });
}

function capabilities(service: StackService): Finding[] {
  return (service.cap_add ?? [])
    .map((name) => name.toUpperCase().replace(/^CAP_/, ''))
    .filter((name) => !ordinaryCapabilities.has(name))
    .map((name) => asksFor('capability', 'cap_add', name));
}

function namespaces(service: StackService): Finding[] {
  const keys = ['network_mode', 'pid', 'ipc', 'userns_mode', 'cgroupns_mode', 'cgroup_parent'] as const;
  return keys
    .filter((key) => !ownNamespace.has(service[key] ?? ''))
    .map((key) => asksFor('host-namespace', key, `${key}=${service[key]}`));
}

function privileges(service: StackService): Finding[] {
  const { privileged, security_opt, credential_spec, isolation, oom_score_adj, devices, sysctls } = service;
  const unusual = (security_opt ?? []).filter((option) => !noNewPrivileges.test(option));
  return [
    ...(privileged ? [asksFor('privilege', 'privileged', 'privileged')] : []),
    ...unusual.map((option) => asksFor('privilege', 'security_opt', option)),
    ...(credential_spec ? [asksFor('privilege', 'credential_spec', 'credential_spec')] : []),
    ...(isolation && isolation !== 'default' ? [asksFor('privilege', 'isolation', `isolation=${isolation}`)] : []),
    // Below zero the kernel would rather kill a neighbour.
    ...((oom_score_adj ?? 0) < 0 ? [asksFor('privilege', 'oom_score_adj', `oom_score_adj=${oom_score_adj}`)] : []),
    ...(devices ?? []).map((device) => asksFor('device', 'devices', device)),
    ...Object.entries(sysctls ?? {}).map(([name, value]) => asksFor('sysctl', 'sysctls', `${name}=${value}`)),
  ];
}

function logging(service: StackService): Finding[] {
  const value = service.logging?.driver ?? '';
  if (value === '' || localLogDrivers.has(value)) return [];
  return [
    {
      rule: 'driver',
      key: 'logging.driver',
      value,
      does: `sends its log away through \`${value}\``,
      instead: 'Use `json-file` or `local`',
    },
  ];
}

function asksFor(rule: Rule, key: string, value: string): Finding {
  return { rule, key, value, does: `asks for \`${value}\` (${key})`, instead: 'Leave it out' };
}
