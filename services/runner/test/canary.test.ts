import { describe, expect, it } from 'vitest';
import { type Canaries, canaryOf, dataLost, type Sight } from '../src/canary.ts';

const data = { volume: 'data', service: 'app', path: '/data' };
const inBackup = { volume: 'data', service: 'backup', path: '/source' };
const uploads = { volume: 'uploads', service: 'app', path: '/uploads' };

const left = (...places: Canaries['places']): Canaries => ({ mark: 'x', places, volumes: 2 });
/** A place with the canary of its own volume, or of another one. */
const sight = (place: typeof data, volume: string | undefined = place.volume): Sight => ({
  ...place,
  canary: volume && canaryOf({ mark: 'x' }, volume),
});
const empty = (place: typeof data): Sight => ({ ...place, canary: undefined });

describe('the data of an app after its upgrade', () => {
  it.each<[string, Canaries, Sight[], string[]]>([
    ['it had no volume', left(), [], ['app']],
    ['it is found where it was', left(data), [sight(data)], ['app']],
    ['the volume has another name and the same data', left(data), [sight({ ...data, volume: 'data2' }, 'data')], ['app']],
    ['a service that is no more had it too', left(data, inBackup), [sight(data)], ['app']],
    ['another service has taken it over', left(data), [sight({ ...data, service: 'web' })], ['web']],
    ['a volume is new', left(data), [sight(data), empty(uploads)], ['app']],
  ])('is all there where %s', (_, canaries, sights, services) => {
    expect(dataLost(canaries, sights, services)).toBeUndefined();
  });

  it.each<[string, Canaries, Sight[], string[], string]>([
    [
      'the volume was emptied',
      left(data),
      [empty(data)],
      ['app'],
      'What `app` kept in the volume `data`, at `/data`, is gone after the upgrade.',
    ],
    [
      'two volumes changed places',
      left(data, uploads),
      [sight(data, 'uploads'), sight(uploads, 'data')],
      ['app'],
      'What `app` kept in the volume `data`, at `/data`, is gone after the upgrade.',
    ],
    [
      'an older canary is there',
      left(data),
      [{ ...data, canary: 'y data' }],
      ['app'],
      'What `app` kept in the volume `data`, at `/data`, is gone after the upgrade.',
    ],
    [
      'another volume is in its place',
      left(data),
      [empty({ ...data, volume: 'data2' })],
      ['app'],
      '`app` has the volume `data2` at `/data` after the upgrade, and had `data` there: what it kept is not there any more.',
    ],
    [
      'the volume is mounted elsewhere',
      left(data),
      [sight({ ...data, path: '/srv' })],
      ['app'],
      '`app` has the volume `data` at `/srv` after the upgrade, and had it at `/data`: what it kept is not where it was.',
    ],
    [
      'nothing is mounted any more',
      left(data),
      [],
      ['app'],
      '`app` does not have the volume `data` any more, which was at `/data` before the upgrade: what it kept is left behind.',
    ],
    [
      'only another service still has it',
      left(data, inBackup),
      [sight(inBackup)],
      ['app', 'backup'],
      '`app` does not have the volume `data` any more, which was at `/data` before the upgrade: what it kept is left behind.',
    ],
    [
      'its service is gone, and nobody took it over',
      left(data),
      [empty(uploads)],
      ['web'],
      'No service has the volume `data` after the upgrade, which was at `/data` in `app`: what was kept there is left behind.',
    ],
  ])('is lost where %s', (_, canaries, sights, services, sentence) => {
    expect(dataLost(canaries, sights, services)).toEqual({ volume: 'data', sentence });
  });
});
