// What smoke must leave as it is: the host's network, mounts, control groups, processes, packet filter rules, and files that a daemon
// would make.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Made by a dockerd or a containerd that is not apart. */
const FILES = [
  '/etc/docker/key.json',
  '/var/lib/docker',
  '/var/run/docker',
  '/var/run/docker.sock',
  '/var/run/docker.pid',
  '/run/containerd',
  '/opt/containerd',
  '/var/lib/containerd',
];

function lines(text) {
  return text.split('\n').filter((line) => line !== '');
}

function output(file, args) {
  try {
    return lines(execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).filter(
      (line) => !line.startsWith('#'),
    );
  } catch {
    return [`no ${file}`];
  }
}

function cgroupDirectories() {
  const found = [];
  for (const line of lines(readFileSync('/proc/self/mountinfo', 'utf8'))) {
    if (!/ - cgroup2? /.test(line)) continue;
    const root = line.split(' ')[4];
    for (const entry of readdirSync(root, { withFileTypes: true }))
      if (entry.isDirectory()) found.push(join(root, entry.name));
  }
  return found.sort();
}

/** A name of smoke's whose maker is another living process: a test file that runs beside us. */
function isOthers(text) {
  const pid = /moby-build-smoke-\d+-(\d+)-/.exec(text)?.[1];
  return pid !== undefined && Number(pid) !== process.pid && existsSync(`/proc/${pid}`);
}

/** Processes that smoke started, wherever they got to: by their control group or by the places that only a sandbox has. */
function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const cgroup = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const ours = cgroup.includes('moby-build-smoke-') || / ?\/(moby\/|probe )|moby-build-smoke-/.test(command);
        // Without a command line it has ended already and waits for its parent.
        return ours && command !== '' && !isOthers(cgroup) && !isOthers(command) ? [`${pid} ${command}`] : [];
      } catch (cause) {
        if (['ENOENT', 'ESRCH'].includes(cause.code)) return [];
        throw cause;
      }
    });
}

/** Everything by kind, as sorted lines. */
export function hostSnapshot() {
  return {
    interfaces: readdirSync('/sys/class/net').sort(),
    routes: lines(readFileSync('/proc/net/route', 'utf8')).sort(),
    // test/real/commands/disk.test.ts mounts small file systems of its own, maybe at this moment.
    mounts: lines(readFileSync('/proc/self/mountinfo', 'utf8'))
      .filter((line) => !line.includes('/moby-build-stage-'))
      .sort(),
    cgroups: cgroupDirectories().filter((path) => !isOthers(path)),
    processes: processes().sort(),
    iptables: existsSync('/usr/sbin/iptables-save') ? output('iptables-save', []) : output('nft', ['list', 'ruleset']),
    sysctl: ['net/ipv4/ip_forward', 'kernel/hostname', 'kernel/keys/root_maxkeys'].map(
      (name) => `${name} ${readFileSync(`/proc/sys/${name}`, 'utf8').trim()}`,
    ),
    files: FILES.filter((path) => existsSync(path)).map((path) => `${path} ${String(statSync(path).mtimeMs)}`),
    temporary: readdirSync(tmpdir())
      .filter((name) => name.startsWith('moby-build-smoke-') && !isOthers(name))
      .sort(),
  };
}
