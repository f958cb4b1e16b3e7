import { parseDocument } from '@cc-ci/recipes/document';
import { describe, expect, it } from 'vitest';
import type { App, Release } from '../src/deployer.ts';
import { deployable, exposed, sameServices } from '../src/document.ts';
import { ownerLabels } from '../src/labels.ts';

const app: App = { stack: 'hedg-1', domain: 'hedg-1.test', owner: { instance: 'i', host: 'h', run: 'r', attempt: 1 } };
const owner = ownerLabels(app);

const document = (change: (yaml: string) => string = (yaml) => yaml) =>
  parseDocument(
    change(`version: "3.8"
services:
  app:
    image: hedgedoc:1
    environment: { PRICE: 5$, SET: by the recipe }
    labels: { colour: blue }
    deploy: { labels: { coop-cloud.hedg-1.version: 1.0.0+1, traefik.enable: "true" } }
    volumes: [{ type: volume, source: data, target: /data }]
  db: { image: "postgres:15" }
networks: { proxy: { external: true, name: proxy } }
volumes: { data: {} }
configs: { c: { name: hedg-1_c_v1, file: abc } }
secrets: { s: { name: hedg-1_s_v1, external: true } }
`),
  );
const release = (given = document()): Release => ({
  recipe: {
    name: 'hedgedoc',
    folder: '/x',
    composeFiles: [],
    sources: [],
    sample: { entries: [], secretModifiers: {} },
    settings: { environment: {} },
    exports: {},
    exportsLeftOut: [],
    releaseNotes: {},
  },
  commit: '0123456789abcdef',
  version: '1.0.0+1',
  document: given,
  environment: {},
  images: [],
  files: new Map(),
  timeoutSeconds: 50,
});

describe('the document that is deployed', () => {
  const deployed = deployable(app, release());

  it.each([
    ['a service', deployed.services['db']?.deploy?.labels],
    ['a container', deployed.services['db']?.labels],
    ['a volume', deployed.volumes?.['data']?.labels],
    ['a config', deployed.configs?.['c']?.labels],
    ['the network that nobody declares', deployed.networks?.['default']?.labels],
  ])('names the owner on %s', (_, labels) => expect(labels).toMatchObject(owner));

  it('leaves what is external as it is', () => {
    expect(deployed.networks?.['proxy']).toEqual({ external: true, name: 'proxy' });
    expect(deployed.secrets?.['s']?.labels).toBeUndefined();
  });

  it('keeps the recipe’s own labels', () => {
    expect(deployed.services['app']?.labels).toMatchObject({ colour: 'blue' });
    expect(deployed.services['app']?.deploy?.labels).toMatchObject({ 'traefik.enable': 'true' });
  });

  it('is stamped as abra stamps it, and with the whole commit on every service', () => {
    expect(deployed.services['app']?.deploy?.labels).toMatchObject({
      'cc-ci.commit': '0123456789abcdef',
      'coop-cloud.hedg-1.recipe': 'hedgedoc',
      'coop-cloud.hedg-1.chaos': 'true',
      'coop-cloud.hedg-1.chaos-version': '01234567',
      'coop-cloud.hedg-1.version': '1.0.0+1',
    });
    expect(deployed.services['db']?.deploy?.labels).toMatchObject({ 'cc-ci.commit': '0123456789abcdef' });
  });

  it('carries no stamp where it would restart a task', () => {
    expect(Object.keys(deployed.services['app']?.labels ?? {})).not.toContain('cc-ci.commit');
  });

  it('is not interpolated a second time', () => expect(deployed.services['app']?.environment?.['PRICE']).toBe('5$$'));
});

describe('variables of the app', () => {
  it('reach its main service, where the recipe does not set them', () => {
    expect(exposed(document(), { SET: 'by the sample', MORE: '1' }).services['app']?.environment).toEqual({
      PRICE: '5$',
      SET: 'by the recipe',
      MORE: '1',
    });
  });

  it('reach no other', () => expect(exposed(document(), { MORE: '1' }).services['db']).toEqual(document().services['db']));
});

describe('two documents make the same services', () => {
  it.each<[string, (yaml: string) => string, boolean]>([
    ['when they are equal', (yaml) => yaml, true],
    ['when only the version label differs', (yaml) => yaml.replace('1.0.0+1', '1.0.1+1'), true],
    ['not when an image differs', (yaml) => yaml.replace('postgres:15', 'postgres:16'), false],
    ['not when a variable differs', (yaml) => yaml.replace('5$', '6$'), false],
    ['not when a config’s content differs', (yaml) => yaml.replace('file: abc', 'file: def'), false],
    ['not when a secret’s name differs', (yaml) => yaml.replace('_s_v1', '_s_v2'), false],
    ['not when a mount differs', (yaml) => yaml.replace('/data', '/srv'), false],
    ['not when another label differs', (yaml) => yaml.replace('"true"', '"false"'), false],
    ['not when a service is gone', (yaml) => yaml.replace(/ {2}db.*\n/, ''), false],
  ])('%s', (_, change, expected) => expect(sameServices(document(), document(change))).toBe(expected));
});
