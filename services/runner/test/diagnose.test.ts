import {
  DeployRefused,
  EngineUnavailable,
  ImageUnavailable,
  NotConverged,
  type NotConvergedReason,
  RecipeRefused,
} from '@cc-ci/deploy/errors';
import { RecipeUnreadable } from '@cc-ci/recipes/recipe-unreadable';
import type { Tier } from '@cc-ci/shared/contract/glossary';
import { Cause } from '@cc-ci/shared/contract/run';
import { describe, expect, it } from 'vitest';
import { CheckoutFailed } from '../src/checkout.ts';
import { LeftoversInTheWay, PullTooSlow } from '../src/deployment.ts';
import { type Circumstances, diagnose } from '../src/diagnose.ts';
import { DiskTooFull } from '../src/disk.ts';
import { GitFailed } from '../src/git.ts';
import { NotServing, ProxyUnfit } from '../src/probe.ts';
import { DeadlinePassed, LeaseLost, RunnerStopped, StopWished } from '../src/stop.ts';
import { AddressLost, BackupUnfit, BrokenBefore, DataLost, NotUpgraded } from '../src/tiers/failures.ts';

const known: Circumstances = {
  tier: 'install',
  doing: 'waiting for `app`',
  stack: 'hedg-8f3a2c',
  host: 'ci-1',
  diskFull: false,
  logs: [],
};
const during = (tier: Tier | null): Circumstances => ({ ...known, tier });

function notConverged(
  reason: NotConvergedReason,
  exits: number[] = [],
  evidence: string[] = [],
  endedBy?: NotConverged['endedBy'],
): NotConverged {
  const sentence = '`app` was not ready in time: it has started.';
  return new NotConverged({ service: 'app', reason, sentence, exits, endedBy, evidence });
}
function notFetched(kind: GitFailed['kind']): CheckoutFailed {
  return new CheckoutFailed('Commit 4be91c07', new GitFailed('fetch', kind, 'fatal: no'), {});
}

describe('a failure of the app', () => {
  it.each<[error: Error, tier: Tier, sentence: string]>([
    [notConverged('crash-loop', [3, 3, 3]), 'install', '`app` does not stay up: it exited 3 times (code 3).'],
    [notConverged('crash-loop', [3]), 'upgrade', '`app` does not stay up after the upgrade: it exited (code 3).'],
    [
      notConverged('crash-loop', [137, 137]),
      'install',
      '`app` does not stay up: it exited 2 times (killed, code 137; often too little memory).',
    ],
    [
      notConverged('rolled-back', [1]),
      'upgrade',
      '`app` does not run in the new version: it exited (code 1), and Swarm went back to the one before.',
    ],
    [
      notConverged('rolled-back', [0], [], 'health-check'),
      'upgrade',
      '`app` does not run in the new version: it was ended since its health check did not pass, and Swarm went back to the one before.',
    ],
    [
      notConverged('crash-loop', [137, 137], [], 'out-of-memory'),
      'install',
      '`app` does not stay up: it exited 2 times (out of memory).',
    ],
    [notConverged('unhealthy'), 'install', '`app` starts, but its health check does not pass.'],
    [notConverged('paused'), 'upgrade', 'Swarm stopped the upgrade of `app` half way.'],
    [notConverged('rejected'), 'install', 'The engine cannot start `app`.'],
    [notConverged('unschedulable'), 'install', 'No node can take `app`.'],
    [notConverged('timeout'), 'install', '`app` was not ready in time: it has started.'],
    [
      new NotServing('answers with HTTP 502', 300_000, ''),
      'install',
      'The app runs, but its address answers with HTTP 502, for 5 min.',
    ],
    [
      new NotUpgraded({ service: 'web', what: 'is not there after the upgrade' }),
      'upgrade',
      '`web` is not there after the upgrade.',
    ],
    [new AddressLost('`https://app.test/` is lost.'), 'upgrade', '`https://app.test/` is lost.'],
    [new DataLost('data', 'What `app` kept is gone.'), 'upgrade', 'What `app` kept is gone.'],
    [
      new BrokenBefore('`1.0.0+1`', notConverged('unhealthy')),
      'install',
      '`app` starts, but its health check does not pass. `1.0.0+1`, the version before, cannot be installed either.',
    ],
    [
      new ImageUnavailable('nginx:9', 'docker.io', 'missing', 'manifest unknown'),
      'install',
      'There is no image `nginx:9` at docker.io that cc-ci may read.',
    ],
    [new DeployRefused('invalid mount target'), 'install', 'Swarm does not accept this deployment.'],
  ])('$name is said in a sentence', (error, tier, sentence) => {
    expect(diagnose(error, during(tier))).toMatchObject({ as: 'failed', cause: { fault: 'app', tier, sentence } });
  });

  it.each([
    ['only needed longer', notConverged('timeout'), /^If it only needs longer, say so/],
    ['ended meanwhile', notConverged('timeout', [3, 3]), /^Its last lines say why: .* If it only needs longer, say so/],
    ['was ended by its health check', notConverged('timeout', [0], [], 'health-check'), /^Look at what the health check calls/],
  ])('says what to do where an app that was out of time %s', (_, error, remedy) => {
    expect(diagnose(error, known)).toMatchObject({ as: 'failed', cause: { remedy: expect.stringMatching(remedy) } });
  });

  it('says what the last lines of the app tell, and what helps against that', () => {
    const error = notConverged('crash-loop', [1, 1], ['starting', 'Error: getaddrinfo ENOTFOUND db']);
    expect(diagnose(error, known)).toMatchObject({
      cause: {
        sentence: '`app` does not stay up: it exited 2 times (code 1). By its last lines, it does not find `db` by its name.',
        remedy: expect.stringMatching(/^Look at the name in its variables/),
      },
    });
  });

  it('does not ask the app where no node could take it', () => {
    const error = notConverged('unschedulable', [], ['Error: getaddrinfo ENOTFOUND db']);
    expect(diagnose(error, known)).toMatchObject({ cause: { sentence: 'No node can take `app`.' } });
  });

  it('brings what a hook of a backup said', () => {
    const error = new BackupUnfit('The hook of `db` failed (code 1).', {
      service: 'db',
      lines: ['dumping', 'error: no password'],
    });
    expect(diagnose(error, during('backup'))).toMatchObject({
      as: 'failed',
      cause: {
        tier: 'backup',
        sentence: 'The hook of `db` failed (code 1).',
        evidence: expect.arrayContaining([{ text: 'error: no password', source: 'db' }]),
      },
    });
  });

  it('names old data where the log does, with the lines that say so', () => {
    const line = 'FATAL:  database files are incompatible with server';
    const ending = diagnose(notConverged('crash-loop', [1, 1], ['task: non-zero exit (1)', 'starting', line]), during('upgrade'));
    expect(ending.cause?.sentence).toBe('`app` does not start on the data of the version before.');
    expect(ending.cause?.evidence).toContainEqual({ text: line, source: 'app' });
  });

  it('rests on few lines, without the names of neighbours', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `error ${index} near ghos-0a1b2c`);
    const { cause } = diagnose(notConverged('crash-loop', [1], lines), known);
    expect(cause?.evidence.length).toBeLessThan(7);
    expect(JSON.stringify(cause)).not.toContain('ghos-');
  });

  it('brings the app’s own lines where nobody answers', () => {
    const logs = [{ service: 'app', lines: ['listening on 3000', 'error: no database'] }];
    expect(diagnose(new NotServing('answers with HTTP 502', 1_000, ''), { ...known, logs }).cause?.evidence).toContainEqual({
      text: 'error: no database',
      source: 'app',
    });
  });
});

describe('a recipe that cannot be used', () => {
  it('is told where it cannot be read, and what to do', () => {
    const error = new RecipeUnreadable({
      file: 'compose.yml',
      line: 12,
      problem: 'the key `image` is missing',
      remedy: 'Add it.',
    });
    expect(diagnose(error, during(null))).toEqual({
      as: 'failed',
      cause: {
        fault: 'recipe',
        tier: null,
        sentence: '`compose.yml` line 12: the key `image` is missing.',
        evidence: [],
        remedy: 'Add it.',
      },
    });
  });

  it('is told everything that it may not ask for', () => {
    const violation = {
      rule: 'host-path',
      key: 'services.app.volumes',
      value: '/etc',
      problem: '`app` mounts `/etc`.',
      remedy: 'Use a volume.',
    } as const;
    expect(diagnose(new RecipeRefused([violation, { ...violation, value: '/var' }]), during(null)).cause).toMatchObject({
      fault: 'recipe',
      sentence: '`app` mounts `/etc`. And 1 more of this kind.',
      evidence: [{ text: 'services.app.volumes: /etc' }, { text: 'services.app.volumes: /var' }],
      remedy: 'Use a volume.',
    });
  });
});

describe('trouble of our own', () => {
  it.each<[Error]>([
    [new RunnerStopped('ci-1')],
    [new LeaseLost('another attempt has begun')],
    [new EngineUnavailable('list services', 'connection refused')],
    [new ImageUnavailable('nginx:1', 'docker.io', 'limit', 'toomanyrequests')],
    [new ImageUnavailable('nginx:1', 'docker.io', 'unreachable', 'no route')],
    [new ImageUnavailable('nginx:1', 'docker.io', 'disk', 'no space left')],
    [new PullTooSlow(15)],
    [new ProxyUnfit({ address: '127.0.0.1', port: 443, ca: undefined }, 'gives no answer')],
    [new LeftoversInTheWay(['networks hedg-8f3a2c_internal: in use'])],
    [new DiskTooFull(1e9, 5)],
    [notFetched('unreachable')],
    [new TypeError('x is not a function')],
  ])('$name ends the attempt, never the run as failed', (error) => {
    const ending = diagnose(error, known);
    expect(ending).toMatchObject({ as: 'lost', cause: { fault: 'ours' } });
    expect(Cause.parse(ending.cause).sentence).toMatch(/\.$/);
  });

  it.each([['absent'], ['denied']] as const)('a commit that is %s is not asked for again', (kind) => {
    expect(diagnose(notFetched(kind), known)).toMatchObject({ as: 'errored', cause: { fault: 'ours' } });
  });

  it('a pull limit is given more than a minute', () => {
    expect(diagnose(new ImageUnavailable('nginx:1', 'docker.io', 'limit', ''), known)).toHaveProperty('retryAfterMs', 90_000);
  });

  it('a stopped runner’s run is taken up at once', () => {
    expect(diagnose(new RunnerStopped('ci-1'), known)).toHaveProperty('retryAfterMs', 0);
  });

  it('a full disk is the reason whatever failed (case 63)', () => {
    const ending = diagnose(notConverged('crash-loop', [1]), { ...known, diskFull: true });
    expect(ending).toMatchObject({ as: 'lost', cause: { fault: 'ours', sentence: 'The disk of ci-1 is full.' } });
  });

  it('a run that took too long says what it was doing', () => {
    expect(diagnose(new DeadlinePassed(60), known)).toMatchObject({
      as: 'errored',
      cause: { sentence: 'The run took longer than 60 min and was stopped; the last thing it did: waiting for `app`.' },
    });
  });
});

describe('a wish to stop', () => {
  it.each([['cancelled'], ['superseded']] as const)('ends the run as %s, without a cause', (stop) => {
    expect(diagnose(new StopWished({ stop, why: 'asked', by: 'boris', at: 0 }), known)).toEqual({ as: stop, cause: null });
  });
});
