import { describe, expect, it } from 'vitest';
import { isEngineTrouble } from '../src/apply.ts';

describe('what the docker CLI said against a deployment', () => {
  it.each([
    'failed to create network x_default: error during connect: Post "http://%2Frun%2Fdocker.sock/v1.43/networks/create": EOF',
    'failed to create service x_app: Error response from daemon: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing"',
    'error during connect: Post "http://%2Frun%2Fdocker.sock/v1.43/services/create": read unix @->/run/docker.sock: read: connection reset by peer',
    'Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?',
    'Error response from daemon: rpc error: code = Unknown desc = The swarm does not have a leader.',
    'failed to create network x_default: Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
  ])('is the engine’s trouble, not the app’s: %s', (said) => expect(isEngineTrouble(said)).toBe(true));

  it.each([
    'failed to create service x_app: Error response from daemon: rpc error: code = InvalidArgument desc = ContainerSpec: "" is not a valid repository/tag',
    'failed to update config x_c_v1: Error response from daemon: rpc error: code = InvalidArgument desc = only updates to Labels are allowed',
  ])('is the app’s: %s', (said) => expect(isEngineTrouble(said)).toBe(false));
});
