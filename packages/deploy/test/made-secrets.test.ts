import { scrub } from '@cc-ci/shared/service/scrub';
import { describe, expect, it } from 'vitest';
import { openMadeSecrets } from '../src/made-secrets.ts';

describe('a secret that was generated for an app', () => {
  it('is masked until the app is gone, and not longer, so that masking never becomes slow', () => {
    const secrets = openMadeSecrets();
    secrets.made('hedg-8f3a2c', 'correct horse battery');
    secrets.made('ghos-000000', 'another long secret');
    expect(scrub('password correct horse battery refused')).toBe('password [secret] refused');
    secrets.gone('hedg-8f3a2c');
    expect(scrub('password correct horse battery refused')).toContain('correct horse');
    expect(scrub('another long secret')).toBe('[secret]');
    secrets.gone('ghos-000000');
  });

  it('is left alone when it is so short that masking it would blot out ordinary words', () => {
    openMadeSecrets().made('hedg-8f3a2c', 'ok');
    expect(scrub('ok then')).toBe('ok then');
  });
});
