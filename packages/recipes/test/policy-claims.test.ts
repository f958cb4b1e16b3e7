// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import { describe, expect, it } from 'vitest';
import { domain, foreignRoutes, judgedLabels, router, stream } from './judged-labels.ts';

describe('a router of the proxy', () => {
  it.each([
    [`Host(\`${domain}\`)`],
    [`Host(\`${domain}\`, \`www.${domain}\`)`],
    [`Host("${domain}")`],
    [`Host(\`${domain.toUpperCase()}\`)`],
    [`  ( Host( \`${domain}\` ) )  `],
    [`Host(\`${domain}\`) || Host(\`api.v2.${domain}\`) && PathPrefix(\`/api\`, \`/v2\`)`],
    [`(PathPrefix(\`/a\`) || PathPrefix(\`/b\`)) && Host(\`${domain}\`)`],
    [`Host(\`${domain}\`) && !PathPrefix(\`/metrics\`) && !(Method(\`POST\`) || Headers(\`X\`, \`1\`))`],
    [`Host(\`${domain}\`) || HostRegexp(\`{subdomain:\\w+}.${domain}\`)`],
    [`HostRegexp(\`{subdomain:[a-z0-9-]+}.${domain}\`)`],
    [`HostRegexp(\`^.+\\.${domain}$\`)`],
    [`HostRegexp(\`^(www\\.)?${domain}$\`)`],
    [`HostRegexp(\`^${domain.replaceAll('.', '\\.')}$\`)`],
    // Empty where the rule comes from a variable: the proxy makes one of the service's name.
    [''],
  ])('may claim by a rule: %s', (rule) => expect(judgedLabels(router(rule))).toEqual([]));

  it.each([
    ['Host(`keycloak.ci.example.org`)', ['keycloak.ci.example.org']],
    ['Host("keycloak.ci.example.org")', ['keycloak.ci.example.org']],
    [`Host(\`${domain}\`, \`a.test\`) || Host(\`b.test\`)`, ['a.test', 'b.test']],
    [`Host(\`${domain}\`) && Host(\`a.test\`)`, ['a.test']],
    [`Host(\`${domain}\`) && !Host(\`a.test\`)`, ['a.test']],
    ['Host(`ci.example.org`)', ['ci.example.org']],
    ['Host(`*.ci.example.org`)', ['*.ci.example.org']],
    ['Host(`*`)', ['*', 'traefik.http.routers.${STACK_NAME}.rule']],
    ['Host(``)', ['']],
    [`Host(\`evil${domain}\`)`, ['evil${DOMAIN}']],
    [`Host(\`${domain}.evil.test\`)`, ['${DOMAIN}.evil.test']],
    [`Host(\`keycloak.test,x.${domain}\`)`, ['keycloak.test,x.${DOMAIN}']],
    ['HostRegexp(`.*`)', ['.*']],
    ['HostRegexp(`{any:.*}`)', ['{any:.*}']],
    [`HostRegexp(\`${domain}\`)`, ['${DOMAIN}']],
    [`HostRegexp(\`^.+${domain}$\`)`, ['^.+${DOMAIN}$']],
    [`HostRegexp(\`^.+\\.${domain}\`)`, ['^.+\\.${DOMAIN}']],
    [`HostRegexp(\`a.test|^.+\\.${domain}$\`)`, ['a.test|^.+\\.${DOMAIN}$']],
    [`HostRegexp(\`(.+\\.)?${domain}$\`)`, ['(.+\\.)?${DOMAIN}$']],
    [`HostRegexp(\`{x:a)|(b}.${domain}\`)`, ['{x:a)|(b}.${DOMAIN}']],
    [`HostRegexp(\`{x:.*}${domain}\`)`, ['{x:.*}${DOMAIN}']],
  ])('may not claim the hosts of others: %s', (rule, hosts) => expect(foreignRoutes(router(rule))).toEqual(hosts));

  it.each([
    ['PathPrefix(`/`)'],
    [`Host(\`${domain}\`) || PathPrefix(\`/\`)`],
    [`Host(\`${domain}\`) && Path(\`/a\`) || Path(\`/b\`)`],
    [`!Host(\`${domain}\`)`],
    [`!(PathPrefix(\`/\`) && !Host(\`${domain}\`))`],
    [`Header(\`Host\`, \`${domain}\`)`],
    ['ClientIP(`0.0.0.0/0`)'],
  ])('may not claim every host: %s', (rule) => {
    expect(judgedLabels(router(rule)).map(({ problem }) => problem)).toEqual([
      'Service `app` claims every host: an alternative of `traefik.http.routers.wiki-1.rule` names none.',
    ]);
  });

  it.each([
    ['HostHeader(`keycloak.ci.example.org`)'],
    ['HostSNI(`*`)'],
    ['host(`keycloak.ci.example.org`)'],
    ['Host("keycloak\\u002eci.example.org")'],
    ['Host("keycloak.ci.example.org`)'],
    ['Host(keycloak)'],
    ['Host()'],
    [`Host(\`${domain}\`) // || x`],
    [`Host(\`${domain}\`) | Host(\`${domain}\`)`],
    [`Host(\`${domain}\`) Host(\`${domain}\`)`],
    [`Host(\`${domain}\`) &&`],
    [`|| Host(\`${domain}\`)`],
    [`(Host(\`${domain}\`)`],
    [`Host(\`${domain}\`))`],
    ['!'],
    [' '],
    ['Host:keycloak.ci.example.org'],
  ])('may not hold a rule that is not understood: %s', (rule) => {
    expect(judgedLabels(router(rule)).map(({ problem }) => problem)).toEqual([
      'Service `app` has a rule that is not understood (traefik.http.routers.wiki-1.rule).',
    ]);
  });

  it('may not hold a rule longer than any recipe needs', () => {
    const brackets = 100_000;
    const rule = `${'('.repeat(brackets)}Host(\`${domain}\`)${')'.repeat(brackets)}`;
    expect(foreignRoutes(router(rule))).toEqual(['traefik.http.routers.${STACK_NAME}.rule']);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['of an entrypoint', stream('HostSNI(`*`)', { entrypoints: 'ssb-muxrpc' }), ['ssb-muxrpc/tcp']],
    ['of several', stream('HostSNI(`*`)', { entrypoints: 'a, b' }), ['a/tcp', 'b/tcp']],
    ['of all entrypoints', stream('HostSNI(`*`)'), ['*/tcp']],
    ['beside its own', stream(`HostSNI(\`${domain}\`) || HostSNI(\`*\`)`, { 'tls.passthrough': 'true' }), ['*/tcp']],
    ['without a name', stream('ClientIP(`0.0.0.0/0`)', { 'tls.passthrough': 'true' }), ['*/tcp']],
    ['that the proxy decrypts', stream(`HostSNI(\`${domain}\`)`, { entrypoints: 'web-secure', tls: 'true' }), ['web-secure/tcp']],
    ['of a neighbour', stream('HostSNI(`a.test`)', { 'tls.passthrough': 'true' }), ['a.test']],
    ['of any name', stream('HostSNIRegexp(`.*`)', { 'tls.passthrough': 'true' }), ['.*']],
    [
      'of a router in two spellings',
      { ...stream('HostSNI(`*`)', { entrypoints: 'own' }), 'traefik.tcp.routers.wiki-1-X.entrypoints': 'web-secure' },
      ['own/tcp', 'web-secure/tcp'],
    ],
    ['of all entrypoints beside one', stream('HostSNI(`*`)', { entrypoints: 'own', Entrypoints: '' }), ['own/tcp', '*/tcp']],
    [
      'by a rule in two spellings',
      stream(`HostSNI(\`${domain}\`)`, { Rule: 'HostSNI(`*`)', 'tls.passthrough': 'true' }),
      ['*/tcp'],
    ],
    [
      'decrypted in one of two spellings',
      stream(`HostSNI(\`${domain}\`)`, { 'tls.passthrough': 'true', 'tls.Passthrough': 'false' }),
      ['*/tcp'],
    ],
    ['of UDP', { 'traefik.udp.routers.wiki-1.entrypoints': 'voice' }, ['voice/udp']],
  ])('may not take connections %s', (_, labels, expected) => expect(foreignRoutes(labels)).toEqual(expected));
});
