import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/system/package-root.ts';
import { openLayer, type Layer } from '../../lab/prepare/roots.mjs';

/** Why packages cannot be installed into roots here, or null; with CI=true that is an error, for nothing would be tested without anybody seeing it. */
export function noRootsHere(): string | null {
  const why =
    process.platform !== 'linux' || process.getuid?.() !== 0
      ? 'it mounts and changes roots: run it as root on Linux'
      : existsSync('/etc/debian_version')
        ? null
        : 'it needs Debian or Ubuntu (debootstrap)';
  if (why !== null && process.env['CI'] === 'true') throw new Error(`packages cannot be installed: ${why}`);
  if (why !== null) process.stderr.write(`SKIPPED: packages are not installed: ${why}\n`);
  return why;
}

/** Runs the command of this checkout. */
export function mobyBuild(words: readonly string[], path: string = process.env['PATH'] ?? ''): string {
  const ran = spawnSync(process.execPath, [join(packageRoot(), 'bin/moby-build.cjs'), ...words], {
    encoding: 'utf8',
    env: { ...process.env, PATH: path, SOURCE_DATE_EPOCH: '1700000000' },
  });
  if (ran.status !== 0) throw new Error(`moby-build ${words.join(' ')}: exit ${String(ran.status)}\n${ran.stderr}`);
  return ran.stdout;
}

/** All that could start or stop a service. Each call is a line in /var/recorded. */
const STARTERS = ['systemctl', 'service', 'invoke-rc.d', 'deb-systemd-invoke', 'deb-systemd-helper', 'rc-service'];
const RECORD = `for name in ${STARTERS.join(' ')} start-stop-daemon initctl telinit; do
  printf '#!/bin/sh\\necho "%s $*" >> /var/recorded\\n' $name > /usr/local/sbin/$name
  chmod 755 /usr/local/sbin/$name
done
printf '#!/bin/sh\\necho "policy-rc.d $*" >> /var/recorded\\nexit 0\\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
: > /var/recorded`;

/** A bare Debian that packages are installed in; whatever would start or stop a service there is recorded. */
export class HostRoot {
  readonly dir = mkdtempSync(join(tmpdir(), 'moby-build-test-root-'));
  private readonly inside: ReturnType<typeof openLayer>;
  private readonly shared: string;

  /** @param shared a folder that is /run/shared in there */
  private constructor(layer: Layer, shared: string) {
    this.inside = openLayer(layer, this.dir, shared);
    this.shared = shared;
  }

  static async open(layer: Layer, shared: string): Promise<HostRoot> {
    const root = new HostRoot(layer, shared);
    await root.sh(RECORD);
    return root;
  }

  /** Runs a script of the shell, which ends with the first command that fails; gives its stdout. Throws with what it said where it fails. */
  sh(script: string): Promise<string> {
    return this.inside.run(['sh', '-euc', `cd /run/shared\n${script}`]);
  }

  /** The same with both outputs, and its exit code, where that counts. */
  async tried(script: string): Promise<{ readonly status: number; readonly said: string }> {
    const lines = (await this.sh(`status=0; ( ${script} ) 2>&1 || status=$?; echo; echo $status`)).split('\n');
    return { status: Number(lines.at(-1)), said: lines.slice(0, -1).join('\n') };
  }

  /** What was asked to start, stop or reload something since the last question. */
  async recorded(): Promise<readonly string[]> {
    const text = await this.sh('cat /var/recorded; : > /var/recorded');
    return text.split('\n').filter((line) => line !== '');
  }

  /** Writes a program into a folder of this machine that runs the one of this name in here; the shared folder has its own path for it. */
  standIn(folder: string, name: string): void {
    const bound = 'shared=$1; shift; mkdir -p "$shared"; mount --bind /run/shared "$shared"; exec "$@"';
    const words = this.inside.line(['sh', '-euc', bound, 'sh', this.shared, name]);
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/**
 * Makes a package of Debian out of files, for a stand-in of another distribution's.
 *
 * @param files path → text; scripts of the package below `DEBIAN/`
 */
export function makeDeb(to: string, control: readonly string[], files: Readonly<Record<string, string>>): void {
  const root = mkdtempSync(join(tmpdir(), 'moby-build-test-deb-'));
  try {
    const all = { ...files, 'DEBIAN/control': `${control.join('\n')}\n` };
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
      chmodSync(join(root, path), text.startsWith('#!') ? 0o755 : 0o644);
    }
    chmodSync(root, 0o755);
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', root, to], { stdio: 'pipe' });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
