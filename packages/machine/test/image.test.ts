import { describe, expect, it } from 'vitest';
import { imageConfiguration, parseReference, type StandInImage } from '../src/image.ts';

describe('the name of an image', () => {
  it.each([
    ['on Docker Hub', 'library/nginx:1.25.3', { repository: 'library/nginx', tag: '1.25.3' }],
    ['short for Docker Hub', 'nginx:1', { repository: 'library/nginx', tag: '1' }],
    ['of an organisation', 'acme/app:2.0', { repository: 'acme/app', tag: '2.0' }],
    ['on another host', 'ghcr.io/acme/app:2.0', { host: 'ghcr.io', repository: 'acme/app', tag: '2.0' }],
    ['without a tag', 'quay.io/acme/app', { host: 'quay.io', repository: 'acme/app', tag: 'latest' }],
  ])('is read %s', (_, text, expected) => expect(parseReference(text)).toEqual(expected));

  it.each(['nginx:1@sha256:00', ''])('is refused as "%s"', (text) =>
    expect(() => parseReference(text)).toThrow('[host/]repository:tag'),
  );
});

describe('the configuration of a stand-in', () => {
  const image: StandInImage = {
    references: ['library/web:2'],
    from: {
      name: 'base',
      packaged: [],
      files: {},
      config: { cmd: ['sleep'], env: { A: '1', B: '1' }, user: 'nobody', volumes: ['/data'] },
    },
    env: { B: '2' },
    cmd: ['serve'],
    expose: ['80/tcp'],
    healthcheck: { test: ['CMD', 'probe'], interval: 2 },
  };
  const layers = [{ digest: 'sha256:aa', size: 1 }];
  const built = imageConfiguration(image, '2', layers, 'amd64');

  it("takes over its base's words and replaces those that it has itself", () => {
    expect(built.config).toMatchObject({
      Cmd: ['serve'],
      User: 'nobody',
      Volumes: { '/data': {} },
      ExposedPorts: { '80/tcp': {} },
      Env: [expect.stringMatching(/^PATH=/), 'A=1', 'B=2'],
    });
  });

  it('says that it is a stand-in, and which version it poses as', () => {
    expect(built.config.Labels).toEqual({ 'org.coop-cloud.cc-ci.stand-in': 'true', 'org.opencontainers.image.version': '2' });
  });

  it('gives times in nanoseconds', () =>
    expect(built.config.Healthcheck).toEqual({ Test: ['CMD', 'probe'], Interval: 2_000_000_000 }));

  it('names its layers', () => expect(built.rootfs).toEqual({ type: 'layers', diff_ids: ['sha256:aa'] }));
});
