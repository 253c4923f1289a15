import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runningLab, startLab, stopLab, type Lab } from './lab.mjs';
import { todaysMirrors } from './mirrors.mjs';
import { cgroupOf } from './outside/clean-up.mjs';
import { slotsMeant, stateDir } from './outside/slots.mjs';

/** That of the labs below; another test file has one beside it. */
const STATE = stateDir(slotsMeant()[0] ?? '');

/** What of this machine a lab could change, as text. Counters are left out: they change by themselves. */
function host(): Record<string, string> {
  const run = (file: string, args: readonly string[]): string => {
    try {
      return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch {
      return `${file} is not here`;
    }
  };
  return {
    links: run('ip', ['-o', 'link']).replace(/^(\d+: [^:@]+).*$/gmu, '$1'),
    addresses: run('ip', ['-o', 'address']).replace(/valid_lft.*$/gmu, ''),
    routes: run('ip', ['route']),
    namespaces: run('ip', ['netns']),
    rules: run('iptables-save', [])
      .replace(/^#.*$/gmu, '')
      .replace(/\[\d+:\d+\]/gu, ''),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[4])
      .join('\n'),
    cgroups: readdirSync('/sys/fs/cgroup')
      .filter((name) => existsSync(join('/sys/fs/cgroup', name, cgroupOf(STATE))))
      .join(),
  };
}

const KINDS = ['net', 'pid'];
const held: number[] = [];
afterEach(() => {
  for (const file of held.splice(0)) closeSync(file);
});

/**
 * The namespaces of a running lab's network and processes. They are held open until the test ends: the kernel gives the number of one that
 * is gone to the next, and the containers of the lab in the other slot would be taken for this lab's.
 */
function namespacesOf({ state }: { readonly state: string }): readonly string[] {
  const init = readFileSync(join(state, 'init.pid'), 'utf8');
  return KINDS.map((kind) => {
    held.push(openSync(`/proc/${init}/ns/${kind}`, 'r'));
    return readlinkSync(`/proc/${init}/ns/${kind}`);
  });
}

/** Processes that are in a lab's namespaces, or whose arguments name its folder. */
function processesOf(state: string, namespaces: readonly string[]): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const inside = KINDS.some((kind) => namespaces.includes(readlinkSync(`/proc/${pid}/ns/${kind}`)));
        return inside || line.includes(`${state} `) ? [`${pid} ${line}`] : [];
      } catch {
        return [];
      }
    });
}

describe('the seal', () => {
  let lab: Lab;
  let before: Record<string, string>;
  beforeAll(async () => {
    await stopLab();
    before = host();
    lab = await startLab({ moby: 'light', mirrors: todaysMirrors });
  });
  afterAll(async () => {
    await stopLab();
  });

  const sh = (script: string) => lab.exec(['sh', '-c', script], { timeoutMs: 5 * 60_000 });

  it('has loopback and its own bridge, and no way to anywhere else', async () => {
    expect((await sh('ip route show default')).stdout).toBe('');
    expect((await sh('ls /sys/class/net')).stdout.trim().split(/\s+/u).sort()).toEqual(['docker0', 'lo']);
    expect((await sh('curl -sS -m 5 http://203.0.113.1/')).exitCode).not.toBe(0);
  });

  it('resolves the mirrors’ names and no other, and writes down who asked', async () => {
    lab.clearLogs();
    expect((await sh('getent hosts ghfast.top')).stdout).toMatch(/^198\.51\.100\.53\s/u);
    for (const name of ['github.com', 'registry-1.docker.io', 'example.com', 'ghproxy.com']) {
      expect((await sh(`getent hosts ${name}`)).exitCode, name).not.toBe(0);
    }
    expect(lab.dnsQueries()).toContainEqual({ name: 'ghfast.top', known: true });
    expect(lab.dnsQueries()).toContainEqual({ name: 'github.com', known: false });
  });

  it('answers under the mirrors’ names, with a certificate of its own authority only', async () => {
    lab.clearLogs();
    expect((await sh('git ls-remote https://ghfast.top/https://github.com/moby/moby.git v20.10.12')).stdout).toMatch(
      /^[0-9a-f]{40}\trefs\/tags\/v20\.10\.12$/mu,
    );
    expect((await sh('curl -fsS https://docker.m.daocloud.io/v2/library/golang/tags/list')).stdout).toContain(
      '1.16.12-buster',
    );
    expect((await sh('curl -fsS http://mirrors.aliyun.com/debian/dists/bookworm/InRelease | head -c 34')).stdout).toBe(
      '-----BEGIN PGP SIGNED MESSAGE-----',
    );
    expect((await sh('curl -sS --cacert /dev/null https://ghfast.top/')).exitCode).not.toBe(0);
    expect(lab.requests().map(({ host: name }) => name)).toEqual(
      expect.arrayContaining(['ghfast.top', 'docker.m.daocloud.io', 'mirrors.aliyun.com']),
    );
  });

  it('has the archive under its own path only, signed anew and past its Valid-Until', async () => {
    expect(
      (await sh('curl -sS -o /dev/null -w %{http_code} http://mirrors.aliyun.com/debian/dists/buster/InRelease'))
        .stdout,
    ).toBe('404');
    const { stdout } = await sh('curl -fsS http://mirrors.aliyun.com/debian-archive/debian/dists/buster/InRelease');
    expect(stdout).toContain('\nCodename: buster\n');
    expect(stdout).toContain('\nValid-Until: Sat, 01 Jan 2022');
  });

  it('seals RUN steps of a build too', async () => {
    const script = `mkdir -p /tmp/probe && cd /tmp/probe && printf 'FROM docker.m.daocloud.io/library/golang:1.16.12-buster\\nRUN getent hosts ghfast.top && ! getent hosts github.com && ! getent hosts debian-default.example\\n' > Dockerfile && DOCKER_BUILDKIT=1 docker build --progress=plain .`;
    const { exitCode, stderr } = await sh(script);
    expect(stderr.slice(-2000)).not.toContain('ERROR');
    expect(exitCode).toBe(0);
  });

  it('ends a command that is past its time, with all that it started', async () => {
    const late = await lab.exec(['sh', '-c', 'sleep 987 & sleep 987'], { timeoutMs: 1000 });
    expect(late.signal).toBe('SIGKILL');
    expect(late.seconds).toBeLessThan(30);
    expect((await sh('pgrep -x sleep -a | grep 987')).stdout).toBe('');
  });

  it('is one at a time in its slot, and is not another slot’s', async () => {
    await expect(startLab({ moby: 'light' })).rejects.toThrow(/runs already/u);
    const script = 'for file in /proc/[0-9]*/cmdline; do tr "\\0" " " < $file; echo; done';
    expect((await sh(script)).stdout.match(/^dockerd /gmu)).toHaveLength(1);
  });

  it('leaves this machine as it was when it is stopped', async () => {
    const namespaces = namespacesOf(lab);
    expect(processesOf(STATE, namespaces)).not.toEqual([]);
    await lab.stop();
    expect(host()).toEqual(before);
    expect(processesOf(STATE, namespaces)).toEqual([]);
    expect(existsSync(STATE)).toBe(false);
    expect(runningLab()).toBeNull();
  });

  it('dies with the one who started it, killed without warning, and the next start cleans up', async () => {
    const script = `import { startLab } from ${JSON.stringify(fileURLToPath(new URL('lab.mjs', import.meta.url)))}; await startLab({ moby: 'light' }); process.stdout.write('up'); setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => starter.stdout.once('data', resolve));
    const namespaces = namespacesOf({ state: STATE });
    const left = (): string[] => processesOf(STATE, namespaces);
    expect(left()).not.toEqual([]);
    starter.kill('SIGKILL');
    for (let tries = 0; tries < 100 && left().length > 0; tries += 1) await sleep(100);
    expect(left()).toEqual([]);
    await stopLab();
    expect(host()).toEqual(before);
    expect(existsSync(STATE)).toBe(false);
  });
});

describe('the seal of the trixie root', () => {
  let lab: Lab;
  let before: Record<string, string>;
  beforeAll(async () => {
    await stopLab();
    before = host();
    lab = await startLab({ moby: 'trixie', mirrors: todaysMirrors });
  });
  afterAll(async () => {
    await stopLab();
  });
  const sh = (script: string) => lab.exec(['sh', '-c', script], { timeoutMs: 5 * 60_000 });

  it('has no way to anywhere else, and resolves the mirrors’ names only', async () => {
    expect((await sh('ip route show default')).stdout).toBe('');
    expect((await sh('ls /sys/class/net')).stdout.trim().split(/\s+/u).sort()).toEqual(['docker0', 'lo']);
    expect((await sh('getent hosts ghfast.top')).stdout).toMatch(/^198\.51\.100\.53\s/u);
    expect((await sh('getent hosts github.com')).exitCode).not.toBe(0);
    expect((await sh('curl -sS --cacert /dev/null https://ghfast.top/')).exitCode).not.toBe(0);
  });

  it('is trixie with its engine, and its mirrors have moby 26.1.5', async () => {
    expect((await sh('. /etc/os-release; echo "$VERSION_CODENAME"')).stdout).toBe('trixie\n');
    expect((await sh("docker version --format '{{.Server.Version}}'")).stdout).toMatch(/^26\.1\.5/u);
    expect((await sh('git ls-remote https://ghfast.top/https://github.com/moby/moby.git v26.1.5')).stdout).toMatch(
      /^[0-9a-f]{40}\trefs\/tags\/v26\.1\.5$/mu,
    );
  });

  it('seals RUN steps of buildx too', async () => {
    const script = `mkdir -p /tmp/probe && cd /tmp/probe && printf 'FROM docker.m.daocloud.io/library/golang:1.21.12-bookworm\\nRUN getent hosts ghfast.top && ! getent hosts github.com && ! getent hosts debian-default.example\\n' > Dockerfile && docker buildx build --progress=plain .`;
    const { exitCode, stderr } = await sh(script);
    expect(stderr.slice(-2000)).not.toContain('ERROR');
    expect(exitCode).toBe(0);
  });

  it('leaves this machine as it was when it is stopped', async () => {
    const namespaces = namespacesOf(lab);
    await lab.stop();
    expect(host()).toEqual(before);
    expect(processesOf(STATE, namespaces)).toEqual([]);
    expect(existsSync(STATE)).toBe(false);
  });
});
