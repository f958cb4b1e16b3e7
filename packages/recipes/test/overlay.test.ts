import { describe, expect, it } from 'vitest';
import { parseDocument } from '../src/document.ts';
import { laidOver, Overlay } from '../src/overlay.ts';

const document = parseDocument(`
version: "3.8"
services:
  app:
    image: wiki:1
    healthcheck: { test: [CMD, "true"], interval: 10s }
    deploy: { replicas: 2, labels: { a: b }, update_config: { order: start-first, monitor: 5s } }
  db: { image: db:1 }
`);

describe('cc-ci’s overlay of a recipe', () => {
  it('changes what it names, and nothing beside it', () => {
    const overlay = Overlay.parse({
      services: {
        app: { healthcheck: { start_period: '15m' }, deploy: { update_config: { order: 'stop-first' } } },
      },
    });
    expect(laidOver(document, overlay).services).toEqual({
      app: {
        image: 'wiki:1',
        healthcheck: { test: ['CMD', 'true'], interval: '10s', start_period: '15m' },
        deploy: { replicas: 2, labels: { a: 'b' }, update_config: { order: 'stop-first', monitor: '5s' } },
      },
      db: { image: 'db:1' },
    });
  });

  it('passes over services that the commit does not have', () => {
    expect(laidOver(document, { services: { cache: { stop_grace_period: '1s' } } })).toEqual(document);
  });

  it.each([
    ['an image', { image: 'wiki:2' }],
    ['an environment', { environment: { A: 'b' } }],
    ['labels', { deploy: { labels: { a: 'b' } } }],
    ['a health check that proves nothing', { healthcheck: { test: ['CMD', 'true'] } }],
    ['volumes', { volumes: ['a:/b'] }],
  ])('refuses %s, which would be tested instead of the commit’s own', (_, service) => {
    expect(Overlay.safeParse({ services: { app: service } }).success).toBe(false);
  });
});
