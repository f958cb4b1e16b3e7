import { describe, expect, it } from 'vitest';
import { registryOf, troubleOf, withTag } from '../src/pull.ts';

describe('a pull that failed', () => {
  it.each([
    ['manifest for nginx:9 not found: manifest unknown: manifest unknown', 'missing'],
    ['pull access denied for nosuch, repository does not exist or may require docker login', 'missing'],
    ['no matching manifest for linux/amd64 in the manifest list entries', 'missing'],
    ['toomanyrequests: You have reached your pull rate limit.', 'limit'],
    ['unexpected status from HEAD request: 429 Too Many Requests', 'limit'],
    ['failed to register layer: write /usr/lib/x: no space left on device', 'disk'],
    ['Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: network is unreachable', 'unreachable'],
    ['Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host', 'unreachable'],
    ['received unexpected HTTP status: 503 Service Unavailable', 'unreachable'],
    ['unexpected EOF', 'unreachable'],
  ])('with “%s” is %s', (said, kind) => expect(troubleOf(said)).toBe(kind));
});

describe('an image reference', () => {
  it.each([
    ['nginx', 'nginx:latest', 'Docker Hub'],
    ['nginx:1.25', 'nginx:1.25', 'Docker Hub'],
    ['org/app', 'org/app:latest', 'Docker Hub'],
    ['ghcr.io/org/app:1', 'ghcr.io/org/app:1', 'ghcr.io'],
    ['localhost:5000/app', 'localhost:5000/app:latest', 'localhost:5000'],
    ['nginx@sha256:abc', 'nginx@sha256:abc', 'Docker Hub'],
    ['quay.io/x/y:1@sha256:abc', 'quay.io/x/y:1@sha256:abc', 'quay.io'],
  ])('%s means %s at %s', (reference, tagged, registry) => {
    expect([withTag(reference), registryOf(reference)]).toEqual([tagged, registry]);
  });
});
