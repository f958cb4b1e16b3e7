import { describe, expect, it } from 'vitest';
import { concerns } from '../src/bell.ts';

const event = (attributes: Record<string, string>, action = 'die') =>
  JSON.stringify({ Type: 'container', Action: action, Actor: { ID: 'x', Attributes: attributes } });

describe('an event of the engine', () => {
  it.each([
    ['of a container of the stack', event({ 'com.docker.stack.namespace': 'hedg-1', name: 'hedg-1_app.1.x' }), true],
    ['of a service of the stack, which has only a name', event({ name: 'hedg-1_app' }), true],
    ['of another stack', event({ 'com.docker.stack.namespace': 'hedg-2', name: 'hedg-2_app.1.x' }), false],
    ['of a stack whose name begins alike', event({ name: 'hedg-12_app' }), false],
    ['of no stack', event({ name: 'redis' }), false],
    ['of a command inside a container of the stack', event({ name: 'hedg-1_app' }, 'exec_start: /bin/sh'), false],
    ['that cannot be read', 'half a li', true],
  ])('%s', (_, line, rings) => expect(concerns('hedg-1', line)).toBe(rings));
});
