import { describe, expect, it } from 'vitest';
import { belongsTo, ownerLabels, ownerOf } from '../src/labels.ts';

const owner = { instance: 'prod', host: 'ci-1', run: '8f3a2c', attempt: 1 };
const app = { stack: 'hedg-8f3a2c', owner };
const marked = ownerLabels(app);

describe('the labels of an owner', () => {
  it('are read back as they were written', () => expect(ownerOf(marked)).toEqual(app));

  it.each(['cc-ci.stack', 'cc-ci.instance', 'cc-ci.host', 'cc-ci.run', 'cc-ci.attempt'])('say nothing without %s', (label) => {
    const { [label]: _, ...rest } = marked;
    expect(ownerOf(rest)).toBeUndefined();
  });
});

describe('a resource belongs to the app', () => {
  it.each([
    ['when its labels say so', 'any-name', marked, true],
    ['when it has its name and no labels', 'hedg-8f3a2c_data', {}, true],
    ['when it has its name and labels of its own', 'hedg-8f3a2c_data', { colour: 'blue' }, true],
    ['not when only a part of the name is its', 'hedg-8f3a2c1_data', {}, false],
    ['not when it is of another attempt', 'hedg-8f3a2c_data', { ...marked, 'cc-ci.attempt': '2' }, false],
    ['not when it is of another run', 'hedg-8f3a2c_data', { ...marked, 'cc-ci.run': 'other' }, false],
    ['not when it is of another host', 'hedg-8f3a2c_data', { ...marked, 'cc-ci.host': 'ci-2' }, false],
    ['not when it is of another instance', 'hedg-8f3a2c_data', { ...marked, 'cc-ci.instance': 'staging' }, false],
    ['not when it is of another stack of the same run', 'hedg-8f3a2c_data', { ...marked, 'cc-ci.stack': 'keyc-8f3a2c' }, false],
    ['not when its labels are half ours', 'hedg-8f3a2c_data', { 'cc-ci.run': '8f3a2c' }, false],
    [
      'not when it is of a stack that somebody else deployed (case 43)',
      'hedg-8f3a2c_data',
      { 'com.docker.stack.namespace': 'hedg-8f3a2c' },
      false,
    ],
  ])('%s', (_, name, labels, expected) => expect(belongsTo(app, { name, labels })).toBe(expected));
});
