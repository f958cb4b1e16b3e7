import { z } from 'zod';
import { defaultTriggerWord } from './commands.ts';
import { Slug } from './ids.ts';

const Minutes = z.number().positive();
const Seconds = z.number().positive();
const SecretPath = z.string().startsWith('/', 'expected an absolute path of a file that holds the secret');
const section = z.strictObject;

const Forge = section({
  url: z.url({ protocol: /^https?$/ }).describe('Where the services reach the forge, e.g. https://git.coopcloud.tech'),
  public_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where people reach the forge, when that differs'),
});

const Enrol = section({
  owners: z.array(z.string().min(1)).min(1).describe('Organisations or users whose repositories are recipes'),
  include: z.array(z.string()).default([]).describe('Only these repositories, as owner/name; empty: all'),
  exclude: z.array(z.string()).default([]).describe('Never these repositories, as owner/name'),
  upstream: z
    .url()
    .optional()
    .describe('Forge organisation that release tags are read from, when the enrolled repositories are mirrors'),
});

const People = section({
  allow: z.array(z.string()).default([]).describe('Logins that may start runs without being members'),
  runs_per_person: z
    .int()
    .positive()
    .default(5)
    .describe('Pull requests of which one person may have runs waiting or going on at the same time'),
  ignore: z.array(z.string()).default([]).describe('Logins of other bots, whose comments are never commands'),
});

const Deploy = section({
  driver: z
    .enum(['auto', 'swarm', 'abra'])
    .default('auto')
    .describe('What deploys: abra where one is on PATH that knows what is needed, else the Swarm driver'),
  abra: z.string().default('abra').describe('abra: a name on PATH, or an absolute path'),
  apps_domain: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .describe('Apps of runs are deployed under names of this domain'),
  proxy_address: z.string().default('127.0.0.1').describe('Address of the host’s proxy, where probes go'),
  proxy_port: z.int().min(1).max(65535).default(443).describe('Port of the host’s proxy'),
  ca_file: z
    .string()
    .optional()
    .describe('Certificate of the authority that the proxy’s certificates come from; unset: those the system trusts'),
  network: z.string().default('proxy').describe('External network that the proxy and the apps share'),
  minimum_free_disk_gb: z.number().nonnegative().default(5).describe('Below this no run is started on a host, in GB'),
  docker_cli: z.string().default('docker').describe('Docker CLI, version 23 or later'),
});

const Images = section({
  login_file: SecretPath.optional().describe('Docker configuration file with registry logins (not yet heeded)'),
  mirror: z.url().optional().describe('Pull-through mirror of Docker Hub (not yet heeded)'),
});

const Tests = section({
  source: z
    .string()
    .default('tests')
    .describe('Folder with cc-ci’s own tests, one folder for each recipe; relative to cc-ci’s own folder'),
  toolbox: z
    .string()
    .default('cc-ci/toolbox:1')
    .describe('Image in which tests run: Python with pytest, Node with Vitest, curl, jq, git'),
  extra: z.boolean().default(false).describe('Run extra tests every time, as with `--extra-tests`'),
  minutes: Minutes.default(15).describe('pytest, Vitest, and each executable'),
  memory_mb: z.int().min(64).default(1024).describe('Memory of a container in which tests run, in MB'),
  processes: z.int().min(16).default(512).describe('Processes and threads of a container in which tests run'),
  approved_local: z.array(z.string()).default([]).describe('Recipes whose own tests, in `tests/` of the recipe, may run'),
});

const Timeouts = section({
  run_minutes: Minutes.default(60).describe('A whole run, whatever it prints'),
  converge_minutes: Minutes.default(10).describe(
    'At least this long for a deployment to become healthy; the recipe’s own timeout counts when longer',
  ),
  hold_seconds: Seconds.default(30).describe(
    'The commit under test has to stand for this long once it runs; the recipe’s own monitor counts when longer',
  ),
  http_seconds: Seconds.default(300).describe('Until a healthy app answers through the proxy'),
  pull_minutes: Minutes.default(15).describe('All images of one deployment'),
  cleanup_minutes: Minutes.default(5).describe('Removing everything of a run, fresh after whatever ended it'),
});

const PolicyException = section({ allow: z.array(z.string()).min(1), reason: z.string().min(1) });

const Schedules = section({
  zone: z.string().default('UTC').describe('IANA time zone of the times below'),
  sweep: z.string().nullable().default('0 3 * * *').describe('Cron pattern of the nightly re-test; null: never'),
});

const Retention = section({
  runs_days: z
    .int()
    .positive()
    .default(90)
    .describe('How long the records of runs are kept, from the request on; logs are kept for 30 days at most'),
  intake_days: z
    .int()
    .positive()
    .default(180)
    .describe('How long the record of a comment is kept, and with it that the comment was answered'),
});

const Dashboard = section({
  public_url: z.url().describe('Where people reach the reporter, used in every link'),
  access: z.enum(['public', 'token']).default('public').describe('Who may read the dashboard'),
});

const Alerts = section({
  operations_repository: z
    .string()
    .optional()
    .describe('owner/name of the repository where alerts become issues (not yet heeded)'),
  ntfy: z.url().optional().describe('Topic that alerts are sent to (not yet heeded)'),
  webhook: z.url().optional().describe('Address that alerts are posted to (not yet heeded)'),
  heartbeat_url: z.url().optional().describe('Pinged after each good night (not yet heeded)'),
});

const InfraApp = section({ recipe: z.string(), domain: z.string(), owner: z.enum(['reconciler', 'maintainer']) });

const Trigger = section({
  word: z
    .string()
    .regex(/^![a-z0-9-]+$/)
    .default(defaultTriggerWord)
    .describe('The word that starts a command'),
  poll_seconds: Seconds.default(30).describe('Pause between two polls of the forge'),
  oldest_minutes: Minutes.default(24 * 60).describe('A comment older than this when it is first seen is recorded as too old'),
});

const Runner = section({
  lease_seconds: Seconds.default(30).describe('A runner that is silent for this long has lost its run'),
  reap_seconds: Seconds.default(15).describe('Pause between two looks for what no living attempt owns'),
  attempts: z.int().positive().default(3).describe('Tries at one run when the trouble is our own'),
});

const Say = section({
  commit_status: z.enum(['auto', 'never']).default('auto').describe('Set commit statuses where the token may'),
  progress_seconds: Seconds.default(10).describe('Pause between two edits of a progress comment that only move its clock'),
  repro_command: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'Command that repeats a run on the reader’s machine, e.g. `npm run ccci -- run {recipe}@{commit}`; null: no such line',
    ),
});

/** The one instance file `cc-ci.yml`, the same copy for every service. Unknown keys are refused. */
export const Settings = section({
  instance: Slug.describe('Name of this cc-ci: part of every label, so two of them can share a host'),
  forge: Forge,
  enrol: Enrol,
  people: People.prefault({}),
  trigger: Trigger.prefault({}),
  deploy: Deploy,
  images: Images.prefault({}),
  tests: Tests.prefault({}),
  timeouts: Timeouts.prefault({}),
  runner: Runner.prefault({}),
  policy: z
    .record(z.string(), PolicyException)
    .default({})
    .describe('Exceptions from the policy gate, by recipe, and volumes that an upgrade may lose: `data:<volume>`'),
  canonicals: section({
    keep: z.boolean().default(true).describe('Keep the data of the last good run of each recipe (not yet heeded)'),
  }).prefault({}),
  schedules: Schedules.prefault({}),
  retention: Retention.prefault({}),
  dashboard: Dashboard,
  say: Say.prefault({}),
  alerts: Alerts.prefault({}),
  infra: section({
    apps: z.record(z.string(), InfraApp).default({}).describe('Infrastructure apps and who owns them (not yet heeded)'),
  }).prefault({}),
}).refine(({ retention, trigger }) => retention.intake_days * 24 * 60 >= trigger.oldest_minutes, {
  path: ['trigger', 'oldest_minutes'],
  error: 'no more than retention.intake_days: a comment that is forgotten before it is too old could be answered twice',
});
export type Settings = z.infer<typeof Settings>;
