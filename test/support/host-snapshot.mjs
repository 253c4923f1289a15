// What smoke must leave as it is: the network, mounts, control groups, processes, packet filter rules, and files that a daemon would make.
// Taken in namespaces of one's own (test/real/smoke/alone.ts), where nothing else comes and goes meanwhile.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
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

/** Control groups have no namespace that hides those of others: smoke runs elsewhere, and the lab, are known by their names. */
function cgroups() {
  const mine = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))[0];
  const isOthers = (name) =>
    name.startsWith('moby-build-lab-') ||
    (name.startsWith('moby-build-smoke-') && !name.startsWith(`moby-build-smoke-${mine}-`));
  const found = [];
  for (const line of lines(readFileSync('/proc/self/mountinfo', 'utf8'))) {
    if (!/ - cgroup2? /.test(line)) continue;
    const root = line.split(' ')[4];
    for (const entry of readdirSync(root, { withFileTypes: true }))
      if (entry.isDirectory() && !isOthers(entry.name)) found.push(join(root, entry.name));
  }
  return found.sort();
}

/** All that are seen but this one and the shell that waits for it. */
function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && ![1, process.pid].includes(Number(name)))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        // Without a command line it has ended already and waits for its parent.
        return command === '' ? [] : [`${pid} ${command}`];
      } catch (cause) {
        if (['ENOENT', 'ESRCH'].includes(cause.code)) return [];
        throw cause;
      }
    });
}

/** Everything by kind, as sorted lines. */
export function hostSnapshot() {
  return {
    interfaces: lines(readFileSync('/proc/self/net/dev', 'utf8'))
      .slice(2)
      .map((line) => line.split(':')[0].trim())
      .sort(),
    routes: lines(readFileSync('/proc/self/net/route', 'utf8')).sort(),
    // Where a test of another process removes its folder, the kernel takes what was mounted there from every namespace (rmdir(2)).
    mounts: lines(readFileSync('/proc/self/mountinfo', 'utf8'))
      .filter((line) => !line.includes('/moby-build-stage-'))
      .sort(),
    cgroups: cgroups(),
    processes: processes().sort(),
    iptables: existsSync('/usr/sbin/iptables-save') ? output('iptables-save', []) : output('nft', ['list', 'ruleset']),
    sysctl: ['net/ipv4/ip_forward', 'kernel/hostname', 'kernel/keys/root_maxkeys'].map(
      (name) => `${name} ${readFileSync(`/proc/sys/${name}`, 'utf8').trim()}`,
    ),
    files: FILES.filter((path) => existsSync(path)).map((path) => `${path} ${String(statSync(path).mtimeMs)}`),
    temporary: readdirSync(tmpdir()).sort(),
  };
}
