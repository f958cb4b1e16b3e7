import { describe, expect, it } from 'vitest';
import { type MachineFacts, reasonToRefuse } from '../src/refusal.ts';

const fit: MachineFacts = {
  platform: 'linux',
  arch: 'x64',
  uid: 0,
  osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
  missing: [],
  mayCreateNamespaces: true,
};

describe('a machine', () => {
  it.each([
    ['Debian 12', {}],
    ['Debian 13 on arm64', { arch: 'arm64', osRelease: 'ID=debian\nVERSION_ID="13"\n' }],
    ['Debian testing, which has no number', { osRelease: 'ID=debian\n' }],
  ])('is taken when it is %s', (_, facts) => expect(reasonToRefuse({ ...fit, ...facts })).toBeUndefined());

  it.each([
    ['another kernel', { platform: 'darwin', arch: 'arm64' }, 'this is darwin on arm64: use a Debian 12'],
    ['another processor', { arch: 's390x' }, 'this is linux on s390x: use a Debian 12'],
    ['another distribution', { osRelease: "ID='fedora'\nVERSION_ID=41\n" }, 'this is fedora 41: use a Debian 12'],
    [
      'a relative of Debian',
      { osRelease: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n' },
      'this is ubuntu 24.04: use a Debian 12',
    ],
    ['an old Debian', { osRelease: 'ID=debian\nVERSION_ID="11"\n' }, 'this is debian 11: use a Debian 12'],
    ['no name at all', { osRelease: '' }, 'this is an unknown system: use a Debian 12'],
    ['a Debian without its tools', { missing: ['nsenter', 'dpkg'] }, 'lacks nsenter, dpkg'],
    ['another user than root', { uid: 1000, mayCreateNamespaces: false }, 'run the same command as root'],
    ['a root without rights', { mayCreateNamespaces: false }, 'start the container with --privileged'],
  ])('is refused in a sentence with what to do when it has %s', (_, facts, sentence) => {
    expect(reasonToRefuse({ ...fit, ...facts })).toContain(sentence);
  });
});
