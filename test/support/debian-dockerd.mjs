// Debian's own dockerd with everything it calls, in one folder, as a build would leave it. Nothing is installed and no daemon of this
// machine starts: `apt-get download` and `dpkg-deb -x` into a temporary directory that later runs use again.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const PACKAGES = ['docker.io', 'containerd', 'runc', 'tini'];
const PROGRAMS = ['dockerd', 'docker-proxy', 'containerd', 'containerd-shim', 'containerd-shim-runc-v2', 'ctr', 'runc'];
const LIBRARIES = ['libdevmapper1.02.1', 'libseccomp2', 'libsystemd0'];

/** Why the tests that start it cannot run here, or null. */
export function whyNoDebianDockerd() {
  if (process.platform !== 'linux') return 'not Linux';
  if (process.geteuid() !== 0) return 'not root';
  if (!existsSync('/usr/bin/apt-get')) return 'not Debian or Ubuntu: no apt-get';
  return null;
}

/**
 * For describe.skipIf: true, and said on stderr, where the tests cannot run; with CI=true that is an error, for nothing would then
 * be tested without anybody seeing it.
 */
export function skipWithoutDebianDockerd() {
  const reason = whyNoDebianDockerd();
  if (reason === null) return false;
  if (process.env.CI === 'true') throw new Error(`smoke cannot be tested here: ${reason}`);
  process.stderr.write(`SKIPPED: smoke is not tested: ${reason}\n`);
  return true;
}

/** The folder, made when it is not there yet. Throws when apt cannot give it or a library is missing. */
export function debianDockerd() {
  const folder = join(tmpdir(), 'moby-build-test-debian-dockerd');
  if (existsSync(join(folder, 'dockerd'))) return folder;
  const work = mkdtempSync(`${folder}-`);
  try {
    // apt's own user cannot write below a directory of root's; root downloads.
    execFileSync('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', ...PACKAGES], { cwd: work, stdio: 'pipe' });
    for (const file of readdirSync(work)) execFileSync('dpkg-deb', ['-x', file, 'root'], { cwd: work });
    const out = join(work, 'out');
    mkdirSync(out);
    const files = readdirSync(join(work, 'root'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const take = (names, target) => {
      const found = files.find((entry) => names.includes(entry.name) && /bin$/.test(entry.parentPath ?? entry.path));
      if (found === undefined) return;
      copyFileSync(join(found.parentPath ?? found.path, found.name), join(out, target));
      chmodSync(join(out, target), 0o755);
    };
    for (const name of PROGRAMS) take([name], name);
    // Debian calls it tini-static, Ubuntu's docker.io brings docker-init.
    take(['docker-init'], 'docker-init');
    if (!existsSync(join(out, 'docker-init'))) take(['tini-static'], 'docker-init');
    for (const name of ['dockerd', 'containerd', 'runc']) requireLibraries(join(out, name));
    renameIfFirst(out, folder);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function requireLibraries(program) {
  const missing = execFileSync('ldd', [program], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('not found'));
  if (missing.length === 0) return;
  throw new Error(
    `${basename(program)} of Debian needs ${missing.join(', ').trim()}: apt-get install ${LIBRARIES.join(' ')}`,
  );
}

/** Another test file may have been faster. */
function renameIfFirst(from, to) {
  try {
    renameSync(from, to);
  } catch (cause) {
    if (!existsSync(join(to, 'dockerd'))) throw cause;
  }
}
