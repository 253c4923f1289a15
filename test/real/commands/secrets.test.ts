import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ARCH, BUILDS, ofTree, Stage } from './stage.ts';

const PASSWORD = 'hunter2-in-netrc';
const PROXY_PASSWORD = 'hunter2-of-proxy';
const PROXY = `http://me:${PROXY_PASSWORD}@127.0.0.1:9`;
/** What base64 makes of the login: it must not be found either. */
const ENCODED = Buffer.from(`me:${PASSWORD}`).toString('base64');

let stage: Stage;
let netrc: string;
let seen: string;
beforeEach(() => {
  stage = new Stage();
  netrc = join(stage.dir, 'netrc');
  seen = join(stage.dir, 'seen');
  writeFileSync(netrc, `machine docker.m.daocloud.io login me password ${PASSWORD}\n`, { mode: 0o600 });
});
afterEach(() => {
  stage.remove();
});

/** Every file below the stage that holds one of the secrets, but for the netrc file itself. */
function found(dir: string = stage.dir): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => existsSync(path) && statSync(path).isFile() && path !== netrc)
    .filter((path) => {
      const text = readFileSync(path, 'latin1');
      return [PASSWORD, PROXY_PASSWORD, ENCODED].some((secret) => text.includes(secret));
    });
}

function secretless(text: string): void {
  for (const secret of [PASSWORD, PROXY_PASSWORD, ENCODED]) expect(text).not.toContain(secret);
}

describe('secrets of a build', () => {
  it('reach the docker client, and no file, output or list of processes', async () => {
    // The fake build looks at what it is given, as an engine would, and at the arguments of every process meanwhile.
    stage.make(
      `set -e
printf '%s\\n' "$DOCKER_BUILD_ARGS" "$DOCKER_BUILD_OPTS" > '${seen}'
[ "$https_proxy" = '${PROXY}' ] && [ "$HTTPS_PROXY" = '${PROXY}' ] && echo proxied >> '${seen}'
grep -q '${ENCODED}' "$DOCKER_CONFIG/config.json" && echo logged-in >> '${seen}'
stat -c 'mode %a' "$DOCKER_CONFIG" >> '${seen}'
echo "$DOCKER_CONFIG" >> '${seen}.place'
cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' > '${seen}.processes' || true
${BUILDS}`,
    );
    const { status, stdout, stderr } = await stage.run(
      [...ofTree(stage), '--netrc', netrc, '--json', '--network', 'host'],
      {
        https_proxy: PROXY,
        no_proxy: '127.0.0.1,localhost',
      },
    );
    expect(status, stderr).toBe(0);
    const told = readFileSync(seen, 'utf8');
    expect(told).toContain('--build-arg https_proxy --build-arg HTTPS_PROXY --build-arg no_proxy --build-arg NO_PROXY');
    expect(told).toContain(`--secret id=moby-build-netrc,src=${netrc}`);
    expect(told).toContain('proxied');
    expect(told).toContain('logged-in');
    expect(told).toContain('mode 700');
    expect(existsSync(readFileSync(`${seen}.place`, 'utf8').trim())).toBe(false);

    secretless(`${stdout}${stderr}`);
    secretless(readFileSync(`${seen}.processes`, 'utf8'));
    // The fake make's own text names them.
    expect(found().filter((path) => !path.startsWith(stage.bin))).toEqual([]);
    const document = JSON.parse(stdout) as { notes: { code: string }[] };
    expect(document.notes.map(({ code }) => code)).toEqual(expect.arrayContaining(['proxy-in-build', 'engine-proxy']));
    const built = join(stage.dir, 'cache/moby-build', `v20.10.12-linux-${ARCH}`, 'moby/Dockerfile');
    expect(readFileSync(built, 'utf8')).toContain('--mount=type=secret,id=moby-build-netrc,target=/root/.netrc');
  });

  it('patch prints the mounts and the option, and warns of a file that others may read', async () => {
    chmodSync(netrc, 0o644);
    const { status, stdout, stderr } = await stage.run(['patch', ...ofTree(stage), '--netrc', netrc]);
    expect(status).toBe(0);
    expect(stdout).toContain('+RUN --mount=type=secret,id=moby-build-netrc,target=/root/.netrc');
    expect(stderr).toContain(`--secret id=moby-build-netrc,src=${netrc}`);
    expect(stderr).toContain('other users of this machine may read it');
    expect(stderr).toContain(`chmod 600 ${netrc}`);
    expect(stderr).toContain('docker login docker.m.daocloud.io');
    secretless(`${stdout}${stderr}`);
  });

  it('a line that is none is exit 2 with its place', async () => {
    writeFileSync(netrc, `machine a login me password ${PASSWORD}\ndefault login me password ${PASSWORD}\n`);
    const { status, stderr } = await stage.run(['patch', ...ofTree(stage), '--netrc', netrc]);
    expect(status).toBe(2);
    expect(stderr).toContain(`${netrc}:2`);
    secretless(stderr);
  });

  it('a password in --build-arg is exit 2', async () => {
    const { status, stderr } = await stage.run([...ofTree(stage), '--build-arg', `https_proxy=${PROXY}`]);
    expect(status).toBe(2);
    expect(stderr).toContain('https_proxy in the environment');
    secretless(stderr);
  });
});
