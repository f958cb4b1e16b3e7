import { describe, expect, it } from 'vitest';
import { isLoop, notServing } from '../src/serving.ts';

const page = (status: number, body = '<p>hello</p>', contentType = 'text/html'): Parameters<typeof notServing>[0] => ({
  status,
  contentType,
  body,
});

describe('an answer through the proxy', () => {
  it.each([200, 204, 301, 302, 399, 401, 403])('of %d counts as serving', (status) => {
    expect(notServing(page(status))).toBeUndefined();
  });

  it.each([400, 404, 410, 418, 421, 429, 500, 502, 503, 504])('of %d does not count', (status) => {
    expect(notServing(page(status))).toBe(`answers with HTTP ${status}`);
  });

  it('that is the proxy’s own 404 page says that the proxy does not know the app', () => {
    expect(notServing(page(404, '404 page not found\n', 'text/plain; charset=utf-8'))).toContain('not known to the proxy');
  });
});

describe('an answer where cc-ci’s own settings of the recipe name the statuses', () => {
  it.each([
    [418, [418], undefined],
    [404, [200, 404], undefined],
    [200, [204], 'answers with HTTP 200, and not with 204'],
    [401, [200, 204], 'answers with HTTP 401, and not with 200 or 204'],
  ])('of %d, wanted %j: %s', (status, statuses, trouble) => expect(notServing(page(status), statuses)).toBe(trouble));

  it('never is the proxy’s own 404 page', () => {
    expect(notServing(page(404, '404 page not found\n', 'text/plain'), [404])).toContain('not known to the proxy');
  });
});

describe('a redirect from the front page', () => {
  it.each([
    ['https://app.test/', true],
    ['http://app.test/', true],
    ['http://app.test', true],
    ['/', true],
    ['/login', false],
    ['/?lang=en', false],
    ['https://sso.test/', false],
    ['http://', false],
  ])('to %s is a loop: %s', (location, loops) => expect(isLoop('https://app.test/', { location })).toBe(loops));

  it.each([
    ['/health', true],
    ['/', false],
  ])('from another page, to %s, is a loop: %s', (location, loops) =>
    expect(isLoop('https://app.test/health', { location })).toBe(loops),
  );

  it('that brings a cookie is none: the next answer may differ', () => {
    expect(isLoop('https://app.test/', { location: '/', 'set-cookie': ['seen=1'] })).toBe(false);
  });

  it('that is a loop does not count as serving', () => {
    expect(notServing({ ...page(301), isLoop: true })).toBe('sends everybody back to itself (HTTP 301), without end');
  });
});
