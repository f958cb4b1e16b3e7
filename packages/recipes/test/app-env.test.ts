// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files.
import { describe, expect, it } from 'vitest';
import { appEnvironment, exposeToApp } from '../src/app-env.ts';
import { readRecipe } from '../src/recipe.ts';
import { checkout } from './checkout.ts';

const app = { stack: 'wiki-8f3a2c_ci_test', domain: 'wiki-8f3a2c.ci.test' };
const recipe = async (sample: string, abraSh = '') =>
  await readRecipe(await checkout({ '.env.sample': sample, 'compose.yml': '', 'abra.sh': abraSh }), 'wiki');

describe('the environment of an app', () => {
  it.each([
    ['its own domain', 'DOMAIN=whatever.org', { DOMAIN: app.domain }],
    [
      'its domain where the sample derives from it',
      'DOMAIN=wiki.example.com\nMEDIA=media.${DOMAIN}',
      { MEDIA: `media.${app.domain}` },
    ],
    ['its domain in place of <recipe>.example.com', 'FROM=noreply@wiki.example.com', { FROM: `noreply@${app.domain}` }],
    ['its stack, whatever the sample says', 'STACK_NAME=other', { STACK_NAME: app.stack }],
    ['its recipe as type, whatever the sample says', 'TYPE=custom-php', { TYPE: 'wiki' }],
    ['its recipe under the synonym too', 'RECIPE=custom-php', { RECIPE: 'wiki' }],
    ['no certificate resolver', 'LETS_ENCRYPT_ENV=production', { LETS_ENCRYPT_ENV: '' }],
    ['no certificate resolver without being asked', '', { LETS_ENCRYPT_ENV: '', DOMAIN: app.domain, STACK_NAME: app.stack }],
    ['no further domains: nothing leads from them to this host', 'EXTRA_DOMAINS=x', { EXTRA_DOMAINS: '' }],
    ['the values of the sample', 'SECRET_KEY_VERSION=v1 # length=20', { SECRET_KEY_VERSION: 'v1' }],
  ])('has %s', async (_, sample, expected) => expect(appEnvironment(await recipe(sample), app)).toMatchObject(expected));

  it('has what cc-ci sets over the values of the sample, in the words of the sample', async () => {
    const files = { '.env.sample': 'MODE=prod\nLINK=https://$DOMAIN/$MODE', 'compose.yml': '' };
    const settings = { environment: { MODE: 'test', CALLBACK: 'https://${DOMAIN}/back' } };
    const environment = appEnvironment(await readRecipe(await checkout(files), 'wiki', { settings }), app);
    expect(environment).toMatchObject({ MODE: 'test', CALLBACK: `https://${app.domain}/back` });
  });

  it('has the exports of abra.sh over the values of the sample', async () => {
    expect(appEnvironment(await recipe('CONF_VERSION=v1', 'export CONF_VERSION=v2'), app)).toMatchObject({ CONF_VERSION: 'v2' });
  });

  it('says the version in its type once it is known', async () => {
    expect(appEnvironment(await recipe('TYPE=wiki'), { ...app, version: '1.0.0+2.0' })).toMatchObject({ TYPE: 'wiki:1.0.0+2.0' });
  });

  it('shows service `app` the .env and not the exports of abra.sh', async () => {
    const exposed = exposeToApp(await recipe('COLOR=red', 'export CONF_VERSION=v2'), app);
    expect(exposed).toMatchObject({ COLOR: 'red', DOMAIN: app.domain, TYPE: 'wiki' });
    expect(exposed).not.toHaveProperty('CONF_VERSION');
  });
});
