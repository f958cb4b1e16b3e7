import { expect } from 'vitest';
import { judge, type Violation } from '../src/policy.ts';
import type { Policy } from '../src/policy-terms.ts';

export const domain = 'wiki-1.ci.example.org';
export const policy: Policy = {
  stack: 'wiki-1',
  domain,
  checkout: '/checkout',
  resolve: (path) => path,
  allowedNetworks: ['proxy'],
  exceptions: [],
};

/** Judges a service `app` with these labels, as `docker stack config` has filled them in. */
export function judgedLabels(labels: Record<string, string>, exceptions: string[] = []): Violation[] {
  const app = { image: 'web', deploy: { labels: { 'traefik.enable': 'true', ...labels } } };
  return judge({ version: '3.8', services: { app } }, { ...policy, exceptions });
}

/** What exactly the judge refuses in these labels; fails where it is refused for other reasons. */
export function foreignRoutes(labels: Record<string, string>, exceptions: string[] = []): string[] {
  return judgedLabels(labels, exceptions).map(({ rule, service, value }) => {
    expect({ rule, service }).toEqual({ rule: 'foreign-route', service: 'app' });
    return value;
  });
}

/** The labels of an HTTP router. */
export const router = (rule: string) => ({ 'traefik.http.routers.wiki-1.rule': rule });

/** The labels of a TCP router. */
export const stream = (rule: string, settings: Record<string, string> = {}) =>
  Object.fromEntries(
    Object.entries({ rule, ...settings }).map(([name, value]) => [`traefik.tcp.routers.wiki-1-x.${name}`, value]),
  );
