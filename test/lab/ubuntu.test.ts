import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { debianSource } from '../support/debian-source.mjs';
import { prepareHost } from './prepare/host.mjs';

/** Files of a fresh Ubuntu, whose sources name nothing of Debian. */
const UBUNTU = {
  'etc/os-release': 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n',
  'etc/apt/sources.list': '# Ubuntu sources have moved to /etc/apt/sources.list.d/ubuntu.sources\n',
  'etc/apt/sources.list.d/ubuntu.sources':
    'Types: deb\nURIs: http://archive.ubuntu.example/ubuntu/\nSuites: noble noble-updates\nComponents: main universe\n',
};
const DEBIAN = { 'etc/os-release': 'ID=debian\nVERSION_CODENAME=bookworm\n' };
const PROGRAM = '#!/bin/sh\nDEF_MIRROR="http://default.example/debian"\n';
const ENV = { PATH: '/usr/local/bin:/usr/sbin' };

describe('where the lab gets Debian from', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'moby-build-ubuntu-'));
    // As every start of a lab does: it may install debootstrap.
    await prepareHost(() => undefined);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function rootOf(files: Readonly<Record<string, string>>): string {
    const root = mkdtempSync(join(folder, 'root-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return root;
  }

  it('on Ubuntu, without a variable, takes the default that debootstrap has for Debian', () => {
    const root = rootOf({ ...UBUNTU, 'usr/sbin/debootstrap': PROGRAM });
    expect(debianSource(ENV, root)).toEqual({
      debian: 'http://default.example/debian',
      security: 'http://default.example/debian-security',
    });
  });

  it('reads the very mirror that this machine’s debootstrap asks when it is told none', () => {
    const found = debianSource(process.env, rootOf({ ...UBUNTU, ...installed() }));
    const asked = askedByDebootstrap();
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((url) => !url.startsWith(`${found?.debian ?? 'nothing'}/dists/bookworm/`))).toEqual([]);
  });

  it('prefers the mirror that the suite’s own script names', () => {
    const script = 'mirror_style release\ndefault_mirror https://suite.example/debian\n';
    const files = { 'usr/sbin/debootstrap': PROGRAM, 'usr/share/debootstrap/scripts/bookworm': script };
    expect(debianSource(ENV, rootOf({ ...UBUNTU, ...files }))?.debian).toBe('https://suite.example/debian');
  });

  it('finds nothing where debootstrap is not installed, and the variable where it is set', () => {
    const root = rootOf(UBUNTU);
    expect(debianSource(ENV, root)).toBeNull();
    const given = { ...ENV, LAB_DEBIAN_MIRROR: 'https://given.example/debian/' };
    expect(debianSource(given, root)).toEqual({
      debian: 'https://given.example/debian',
      security: 'https://given.example/debian-security',
    });
  });

  it.each([
    ['a line', { 'etc/apt/sources.list': 'deb [arch=amd64] https://own.example/debian/ bookworm main\n' }],
    [
      'a stanza',
      {
        'etc/apt/sources.list.d/debian.sources':
          'Types: deb\nURIs: https://own.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n',
      },
    ],
    [
      'a line beside a CD',
      {
        'etc/apt/sources.list':
          'deb cdrom:[Debian GNU/Linux 12.0.0 _Bookworm_]/ bookworm main\ndeb http://own.example/debian bookworm main\n',
      },
    ],
  ])('on Debian takes apt’s own source: %s', (_, files) => {
    const root = rootOf({ ...DEBIAN, ...files, 'usr/sbin/debootstrap': PROGRAM });
    expect(debianSource(ENV, root)?.debian).toMatch(/^https?:\/\/own\.example\/debian$/u);
  });

  it.each([
    ['a list of mirrors', 'URIs: mirror+file:///etc/apt/mirrors/debian.list'],
    ['a folder', 'URIs: file:///media/debian'],
    ['one that is off', 'URIs: https://own.example/debian\nEnabled: false'],
  ])('on Debian, whose source debootstrap could not read, takes its default: %s', (_, words) => {
    const stanza = `Types: deb\n${words}\nSuites: bookworm\nComponents: main\n`;
    const root = rootOf({
      ...DEBIAN,
      'etc/apt/sources.list.d/debian.sources': stanza,
      'usr/sbin/debootstrap': PROGRAM,
    });
    expect(debianSource(ENV, root)?.debian).toBe('http://default.example/debian');
  });

  /** debootstrap of this machine. */
  function installed(): Record<string, string> {
    const program = execFileSync('sh', ['-c', 'command -v debootstrap'], { encoding: 'utf8' }).trim();
    const script = '/usr/share/debootstrap/scripts/bookworm';
    return { [program]: readFileSync(program, 'utf8'), [script]: readFileSync(script, 'utf8') };
  }

  /** What debootstrap asks for by `wget`, which answers nothing. */
  function askedByDebootstrap(): readonly string[] {
    const bin = mkdtempSync(join(folder, 'bin-'));
    writeFileSync(join(bin, 'wget'), `#!/bin/sh\nprintf '%s\\n' "$@" >> ${bin}/asked\nexit 1\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const script = 'debootstrap --print-debs bookworm "$1" || true';
    execFileSync('sh', ['-c', script, 'sh', join(folder, 'target')], { env, stdio: 'ignore' });
    return readFileSync(join(bin, 'asked'), 'utf8')
      .split('\n')
      .filter((word) => /^https?:/u.test(word));
  }
});
