/**
 * A DOUBLE of abra, for tests: `scripted-abra.mjs <what goes wrong> <docker> <arguments of abra>`. It knows the two commands that cc-ci gives,
 * refuses every argument that it does not expect, and deploys with the docker CLI what an abra would: the compose file of the recipe's
 * folder, with abra's own labels on its main service.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';

const [wrong, docker, ...args] = process.argv.slice(2);
const { ABRA_DIR: folder = '', DOCKER_HOST: host = '' } = env;
const fatal = (sentence, code = 1) => {
  process.stderr.write(`FATA <app/deploy.go> ${sentence}\n`);
  process.exit(code);
};

const HELP = `Usage:
  abra app deploy <domain> [version] [flags]

Flags:
  -C, --chaos                ignore uncommitted recipes changes
  -f, --force                perform action without further prompt
  -D, --no-domain-checks     disable public DNS checks
${wrong === 'old' ? '' : '  -c, --no-converge-checks   disable converge logic checks\n'}
Global Flags:
  -n, --no-input        toggle non-interactive mode
  -o, --offline         prefer offline & filesystem access
`;

if (args.join(' ') === '--version') {
  process.stdout.write('abra version 0.0.0-scripted-double\n');
} else if (args.join(' ') === 'app deploy --help') {
  process.stdout.write(HELP);
} else {
  deploy();
}

function deploy() {
  const [app, command, domain, ...flags] = args;
  const known = ['--no-input', '--chaos', '--no-converge-checks', '--force', '--no-domain-checks', '--offline'];
  if (app !== 'app' || command !== 'deploy' || flags.join() !== known.join()) fatal(`unknown command: ${args.join(' ')}`);
  const settings = read(domain);
  if (wrong === 'hangs') setInterval(() => undefined, 1_000);
  else if (wrong === 'lies') process.stdout.write('INFO deployed\n');
  else if (wrong === 'fatal with 0') fatal('deploy failed: unable to do it', 0);
  else hand(join(folder, 'recipes', settings.TYPE), settings.COMPOSE_FILE, domain.replaceAll('.', '_'));
}

/** The app's settings, once all is there that an abra would look for, and nothing that it should not be told. */
function read(domain) {
  const told = ['ABRA_DIR', 'HOME', 'PATH', 'DOCKER_HOST', 'NO_COLOR', 'TERM', 'PWD', 'SHLVL', '_', 'OLDPWD'];
  const unexpected = Object.keys(env).filter((name) => !told.includes(name));
  if (unexpected.length > 0) fatal(`unexpected variables: ${unexpected.join(', ')}`);
  const file = join(folder, 'servers', 'default', `${domain}.env`);
  if (!existsSync(file)) fatal(`unable to find app ${domain}`);
  const settings = Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.split('=')),
  );
  if (!existsSync(join(folder, 'recipes', settings.TYPE, '.env.sample')))
    fatal('unable to validate recipe: .env.sample is not there');
  return settings;
}

/** Hands the compose file to Swarm. */
function hand(recipe, file, stack) {
  const document = JSON.parse(readFileSync(join(recipe, file), 'utf8'));
  if (document.services.app) label(document.services.app, recipe, stack);
  const merged = join(recipe, '.merged.json');
  writeFileSync(merged, JSON.stringify(document));
  for (let attempt = 1; ; attempt++) {
    const how = ['--resolve-image', 'always', '--detach', '--compose-file', merged, stack];
    const done = spawnSync(docker, ['--host', host, 'stack', 'deploy', ...how], { cwd: recipe, encoding: 'utf8', env: {} });
    if (done.status === 0) return;
    if (attempt === 5 || !/update out of sequence|network .* not found/i.test(done.stderr)) fatal(done.stderr.trim());
  }
}

function label(service, recipe, stack) {
  const git = (...what) => execFileSync('git', what, { cwd: recipe, encoding: 'utf8' }).trim();
  const head = wrong === 'other tree' ? '0'.repeat(40) : git('rev-parse', 'HEAD');
  const mark = git('status', '--porcelain') === '' ? '' : '+U';
  service.deploy ??= {};
  service.deploy.labels = {
    ...service.deploy.labels,
    [`coop-cloud.${stack}.chaos`]: 'true',
    [`coop-cloud.${stack}.chaos-version`]: `${head.slice(0, 8)}${mark}`,
  };
}
