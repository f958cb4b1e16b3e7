import { describe, expect, it } from 'vitest';
import { imagesOf, parseDocument, recipeVersionOf, requireTasks, timeoutOf } from '../src/document.ts';
import { publishedService, publishedServices } from '../src/published.ts';

const document = (...services: string[]) => parseDocument(`version: "3.8"\nservices: {${services.join(', ')}}\n`);
const labelled = (name: string, labels: string) => `${name}: {image: web, deploy: {labels: {${labels}}}}`;

describe('the merged document', () => {
  it('keeps what it does not know', () => {
    expect(parseDocument('version: "3.8"\nservices: {app: {image: web, new_key: {a: 1}}}\nx-y: 1')).toEqual({
      version: '3.8',
      services: { app: { image: 'web', new_key: { a: 1 } } },
      'x-y': 1,
    });
  });

  it.each([
    ['without services', 'version: "3.8"', '`services` of the merged compose files is not as expected'],
    ['with a service without image', 'version: "3.8"\nservices: {app: {}}', '`services.app.image` of the merged compose files'],
    ['that is no YAML', 'services: [', 'the merged compose files are not valid YAML'],
    ['that is empty', '', '`services` of the merged compose files'],
  ])('is unreadable %s', (_, yaml, message) => expect(() => parseDocument(yaml)).toThrow(message));

  it('has images, each once', () => {
    expect(imagesOf(document('app: {image: "web:1"}', 'worker: {image: "web:1"}', 'db: {image: "db:2"}'))).toEqual([
      'web:1',
      'db:2',
    ]);
  });
});

describe('the version label of a recipe', () => {
  it.each([
    ['is on service app', [labelled('app', 'coop-cloud.wiki.version: 1.0.0+1')], '1.0.0+1'],
    ['may be on another service', [labelled('web', 'coop-cloud.wiki.version: 1.0.0+1'), 'app: {image: x}'], '1.0.0+1'],
    [
      'counts on app first',
      [labelled('web', 'coop-cloud.wiki.version: 2.0.0+1'), labelled('app', 'coop-cloud.wiki.version: 1.0.0+1')],
      '1.0.0+1',
    ],
    ['may be a wild one', [labelled('app', 'coop-cloud.wiki.version: hardcover-v0.4')], 'hardcover-v0.4'],
    ['may be a number', [labelled('app', 'coop-cloud.wiki.version: 1')], '1'],
    ['is none when empty', [labelled('app', 'coop-cloud.wiki.version: ""')], undefined],
    ['is none when missing', ['app: {image: x}'], undefined],
    ['is none under another stack', [labelled('app', 'coop-cloud.other.version: 1.0.0+1')], undefined],
    ['is none among the labels of containers', ['app: {image: x, labels: {coop-cloud.wiki.version: 1.0.0+1}}'], undefined],
  ])('%s', (_, services, version) => expect(recipeVersionOf(document(...services), 'wiki')).toBe(version));
});

describe('the timeout label of a recipe', () => {
  it.each([
    ['"300"', 300],
    ['300', 300],
    ['soon', undefined],
    ['"0"', undefined],
    ['"-1"', undefined],
    ['""', undefined],
  ])('%s is %s seconds', (value, seconds) => {
    expect(timeoutOf(document(labelled('app', `coop-cloud.wiki.timeout: ${value}`)), 'wiki')).toBe(seconds);
  });
});

describe('a document of which nothing would run', () => {
  it.each([
    ['without services', document()],
    ['where all ask for none', document('app: {image: web, deploy: {replicas: 0}}', 'cron: {image: web, deploy: {replicas: 0}}')],
  ])('is refused %s', (_, nothing) => expect(() => requireTasks(nothing)).toThrow('compose.yml'));

  it.each([
    ['one is started by hand', document('app: {image: web}', 'cron: {image: web, deploy: {replicas: 0}}')],
    ['one runs on every node', document('app: {image: web, deploy: {mode: global, replicas: 0}}')],
  ])('is not one where %s', (_, something) => expect(() => requireTasks(something)).not.toThrow());
});

describe('a published service', () => {
  const rule = (name: string, value: string) => `traefik.http.routers.${name}.rule: '${value}'`;
  const enabled = 'traefik.enable: "true"';

  it.each([
    ['one name', 'Host(`wiki.test`)', ['wiki.test']],
    ['several', 'Host(`wiki.test`, `www.wiki.test`)', ['wiki.test', 'www.wiki.test']],
    ['several rules', 'Host(`wiki.test`) || Host("other.test") && PathPrefix(`/x`)', ['wiki.test', 'other.test']],
    ['no names by pattern', 'HostRegexp(`.+`)', []],
    ['no names of TLS', 'HostSNI(`*`)', []],
    ['an empty rule', '', []],
  ])('is known by the hosts of its rule: %s', (_, value, hosts) => {
    const port = 'traefik.http.services.wiki.loadbalancer.server.port: "8080"';
    expect(publishedServices(document(labelled('app', [enabled, rule('wiki', value), port].join(', '))))).toEqual([
      { service: 'app', hosts, port: 8080 },
    ]);
  });

  it('is none unless traefik is enabled for it', () => {
    expect(publishedServices(document(labelled('app', rule('wiki', 'Host(`wiki.test`)'))))).toEqual([]);
  });

  it('is the one whose rule names the domain', () => {
    const services = [
      labelled('app', `${enabled}, ${rule('a', 'Host(`api.test`)')}`),
      labelled('web', `${enabled}, ${rule('w', 'Host(`wiki.test`)')}`),
    ];
    expect(publishedService(document(...services), 'wiki.test')?.service).toBe('web');
  });

  it('is app when no rule names the domain', () => {
    const services = [labelled('web', enabled), labelled('app', enabled)];
    expect(publishedService(document(...services), 'wiki.test')).toEqual({ service: 'app', hosts: [], port: undefined });
  });
});
