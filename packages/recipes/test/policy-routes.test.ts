// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import { describe, expect, it } from 'vitest';
import { judge } from '../src/policy.ts';
import { domain, foreignRoutes, judgedLabels, policy, router, stream } from './judged-labels.ts';

describe('the labels for the proxy', () => {
  it.each<[string, Record<string, string>]>([
    [
      'of an ordinary recipe',
      {
        'traefik.docker.network': 'proxy',
        'traefik.http.services.wiki-1.loadbalancer.server.port': '80',
        'traefik.http.routers.wiki-1.rule': `Host(\`${domain}\`)`,
        'traefik.http.routers.wiki-1.entrypoints': 'web-secure',
        'traefik.http.routers.wiki-1.tls.certresolver': '',
        'traefik.http.routers.wiki-1.middlewares': 'wiki-1-redirect@docker,security@file,error-pages-middleware',
        'traefik.http.middlewares.wiki-1-redirect.headers.SSLForceHost': 'true',
        'traefik.http.middlewares.wiki-1-redirect.headers.SSLHost': domain,
      },
    ],
    [
      'of one that shares its domain by path',
      {
        'traefik.http.routers.wiki-1.rule': `Host(\`${domain}\`) && PathPrefix(\`/cms\`)`,
        'traefik.http.routers.wiki-1.priority': '100000',
        'traefik.http.middlewares.wiki-1-sp.stripprefix.prefixes': '/cms',
      },
    ],
    [
      'of one with many routers and services',
      {
        'traefik.http.routers.wiki-1-1.rule': `Host(\`1.${domain}\`)`,
        'traefik.http.routers.wiki-1-1.service': 'wiki-1_x',
        'traefik.http.routers.wiki-1_2.rule': `Host(\`2.${domain}\`)`,
        'traefik.http.routers.wiki-1_2.service': 'wiki-1@swarm',
        'traefik.http.routers.wiki-1_3.service': 'noop@internal',
        'traefik.http.services.wiki-1_x.loadbalancer.server.port': '81',
        'traefik.http.middlewares.wiki-1-errors.errors.service': 'wiki-1_x',
      },
    ],
    [
      'of one with a regular expression in a middleware',
      {
        'traefik.http.middlewares.wiki-1-alias.redirectregex.regex': `^https://(\\w+)\\.${domain}/(.*)`,
        'traefik.http.middlewares.wiki-1-alias.redirectregex.replacement': `https://${domain}/alias/\${1}\${2}`,
      },
    ],
    ['with other capitals', { 'traefik.HTTP.Routers.wiki-1.Rule': `Host(\`${domain}\`)`, 'traefik.Swarm.LBSwarm': 'true' }],
    [
      'with certificates',
      {
        'traefik.http.routers.wiki-1.tls.domains[0].main': domain,
        'traefik.http.routers.wiki-1.tls.domains[0].sans': `*.${domain}, www.${domain}`,
      },
    ],
    [
      'with connections passed through under its own name',
      stream(`HostSNI(\`${domain}\`) || HostSNIRegexp(\`^.+\\.${domain}$\`)`, { 'tls.passthrough': 'true' }),
    ],
    ['with a router for TCP that has no rule and is dropped', stream('', { entrypoints: 'web-secure' })],
    [
      'under a fixed name, as older recipes have',
      { 'traefik.http.routers.docs.tls': 'true', 'traefik.http.middlewares.my-auth.basicauth.users': 'x' },
    ],
    ['of version 1, which traefik passes over', { 'traefik.frontend.rule': 'Host:keycloak.ci.example.org' }],
    ['of others than the proxy', { 'backupbot.backup': 'true', 'caddy.reverse_proxy': 'x' }],
  ])('are let through %s', (_, labels) => expect(judgedLabels(labels)).toEqual([]));

  it.each<[string, Record<string, string>, string[]]>([
    [
      'a router of a neighbour',
      { 'traefik.http.routers.keycloak_ci_example_org.priority': '1' },
      ['traefik.http.routers.keycloak_ci_example_org'],
    ],
    [
      'a service of a neighbour',
      { 'traefik.http.services.keycloak_ci_example_org.loadbalancer.server.port': '80' },
      ['traefik.http.services.keycloak_ci_example_org'],
    ],
    [
      'a middleware of another run',
      { 'traefik.http.middlewares.hedg-8f3a2c-auth.basicauth.users': 'x' },
      ['traefik.http.middlewares.hedg-8f3a2c-auth'],
    ],
    [
      'a service of a neighbour, for TCP',
      { 'traefik.tcp.services.db_ci_test.loadbalancer.server.port': '1' },
      ['traefik.tcp.services.db_ci_test'],
    ],
    [
      'a name that only begins like its own',
      { 'traefik.http.services.wiki-10_test.loadbalancer.server.port': '1' },
      ['traefik.http.services.${STACK_NAME}0_test'],
    ],
    [
      'an object of another provider',
      { 'traefik.http.middlewares.security@file.headers.sslhost': 'x' },
      ['traefik.http.middlewares.security@file'],
    ],
    [
      'one name in several labels',
      { 'traefik.http.routers.docs_test.entrypoints': 'web', 'traefik.http.routers.docs_test.tls': 'true' },
      ['traefik.http.routers.docs_test'],
    ],
    [
      'a variable in the key of a mapping',
      { 'traefik.http.services.${STACK_NAME}.loadbalancer.server.port': '1' },
      ['traefik.http.services.${STACK_NAME}'],
    ],
    [
      'one service, and a router to it',
      { 'traefik.http.services.docs_test.loadbalancer.server.port': '80', 'traefik.http.routers.wiki-1.service': 'docs_test' },
      ['traefik.http.services.docs_test'],
    ],
    ['the proxy itself as target', { 'traefik.http.routers.wiki-1.service': 'api@internal' }, ['api@internal']],
    ['a service of a neighbour as target', { 'traefik.http.routers.wiki-1.service': 'keycloak@swarm' }, ['keycloak@swarm']],
    ['a service of the operator as target', { 'traefik.http.routers.wiki-1.service': 'wiki-1@file' }, ['${STACK_NAME}@file']],
    ['a service of a neighbour for errors', { 'traefik.http.middlewares.wiki-1.errors.service': 'keycloak' }, ['keycloak']],
    [
      'an address as target',
      { 'traefik.http.services.wiki-1.loadbalancer.server.url': 'http://127.0.0.1:8080' },
      ['http://127.0.0.1:8080'],
    ],
    ['a network of its own', { 'traefik.docker.network': 'wiki-1_internal' }, ['${STACK_NAME}_internal']],
    ['a network of a neighbour', { 'traefik.swarm.network': 'keycloak_internal' }, ['keycloak_internal']],
    [
      'certificates of others',
      {
        'traefik.http.routers.wiki-1.tls.domains[0].main': domain,
        'traefik.http.routers.wiki-1.tls.domains[0].sans': `*.${domain},*.ci.example.org`,
      },
      ['*.ci.example.org'],
    ],
    [
      'the certificate of the proxy',
      { 'traefik.tls.stores.default.defaultgeneratedcert.resolver': 'x' },
      ['traefik.tls.stores.default.defaultgeneratedcert.resolver'],
    ],
    [
      'defaults of an entrypoint',
      { 'traefik.http.models.web-secure@internal.middlewares': 'x' },
      ['traefik.http.models.web-secure@internal.middlewares'],
    ],
    [
      'a letter that folds to another',
      { 'traefik.http.router\u017f.wiki-1.rule': 'PathPrefix(`/`)' },
      ['traefik.http.router\u017f.${STACK_NAME}.rule'],
    ],
    [
      'such a letter in a setting',
      { 'traefik.http.routers.wiki-1.\u017fervice': 'api@internal' },
      ['traefik.http.routers.${STACK_NAME}.\u017fervice'],
    ],
    ['such a letter in a network', { 'traefik.docker.networ\u212a': 'x' }, ['traefik.docker.networ\u212a']],
    ['a bracket that stops the proxy', { 'traefik.http.routers.wiki-1.x]': '' }, ['traefik.http.routers.${STACK_NAME}.x]']],
    ['such a bracket in a name', { 'traefik.http.routers.wiki-1-].priority': '1' }, ['traefik.http.routers.${STACK_NAME}-]']],
    ['such a bracket beside the switch', { 'traefik.enable]': 'true' }, ['traefik.enable]']],
    ['a host by a rule in other capitals', { 'traefik.HTTP.Routers.wiki-1.Rule': 'Host(`a.test`)' }, ['a.test']],
    ['a host also where the proxy is off', { ...router('Host(`a.test`)'), 'traefik.enable': 'false' }, ['a.test']],
  ])('may not name %s', (_, labels, expected) => expect(foreignRoutes(labels)).toEqual(expected));

  it('are not judged on containers, where the proxy does not read them', () => {
    const labels = router('Host(`keycloak.ci.example.org`)');
    expect(judge({ version: '3.8', services: { app: { image: 'web', labels } } }, policy)).toEqual([]);
  });

  it('are allowed one by one, by names that are the same in each run', () => {
    const labels = {
      ...stream('HostSNI(`*`)', { entrypoints: 'own,web-secure' }),
      ...router('Host(`a.test`) || PathPrefix(`/`)'),
    };
    expect(foreignRoutes(labels, ['foreign-route:own/tcp', 'foreign-route:a.test'])).toEqual([
      'traefik.http.routers.${STACK_NAME}.rule',
      'web-secure/tcp',
    ]);
    expect(foreignRoutes(labels, ['foreign-route'])).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a host',
      router('Host(`keycloak.ci.example.org`)'),
      'Service `app` claims the host `keycloak.ci.example.org` (traefik.http.routers.wiki-1.rule), which is not its own. ' +
        'Name only `${DOMAIN}` and names below it, or ask an operator to allow `foreign-route:keycloak.ci.example.org` for this recipe.',
    ],
    [
      'a pattern',
      router('HostRegexp(`.*`)'),
      'Service `app` claims the host `.*` (traefik.http.routers.wiki-1.rule), which is not its own. ' +
        'End the pattern with `\\.${DOMAIN}$`, or ask an operator to allow `foreign-route:.*` for this recipe.',
    ],
    [
      'a name',
      { 'traefik.http.routers.docs_test.priority': '1' },
      "Service `app` uses the name `traefik.http.routers.docs_test` at the proxy, which may be a neighbour's as well. " +
        'Begin the name with `${STACK_NAME}`, or ask an operator to allow `foreign-route:traefik.http.routers.docs_test` for this recipe.',
    ],
    [
      'a variable in the key of a mapping',
      { 'traefik.http.routers.${STACK_NAME}.priority': '1' },
      "Service `app` uses the name `traefik.http.routers.${STACK_NAME}` at the proxy, which may be a neighbour's as well. " +
        'Write the labels as a list, where variables are filled in, ' +
        'or ask an operator to allow `foreign-route:traefik.http.routers.${STACK_NAME}` for this recipe.',
    ],
    [
      'an entrypoint',
      stream('HostSNI(`*`)', { entrypoints: 'ssb-muxrpc' }),
      'Service `app` takes whole connections to the entrypoint `ssb-muxrpc` (traefik.tcp.routers.wiki-1-x), which may be meant for a neighbour. ' +
        'Name `${DOMAIN}` in `HostSNI` and set `tls.passthrough`, or ask an operator to allow `foreign-route:ssb-muxrpc/tcp` for this recipe.',
    ],
  ])('say what, and what to do, about %s', (_, labels, said) => {
    expect(judgedLabels(labels).map(({ problem, remedy }) => `${problem} ${remedy}`)).toEqual([said]);
  });
});
