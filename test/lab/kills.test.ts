import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startLab, type Lab } from './lab.mjs';
import { todaysMirrors } from './mirrors.mjs';
import { arch } from './product.mjs';

const OUT = `/root/moby-v20.10.12-linux-${arch}`;
const KILL = 'kill -KILL "$(cat /var/run/docker.pid)"';
const RESTART =
  'setsid -f lab-dockerd </dev/null >/dev/null 2>&1; for i in $(seq 1 300); do docker version >/dev/null 2>&1 && exit 0; sleep 0.1; done; exit 1';

interface Step {
  readonly name: string;
  readonly stage: string | null;
  readonly cached: boolean;
  readonly failed: boolean;
}
interface Document {
  readonly steps?: readonly Step[];
  readonly error?: {
    readonly code: string;
    readonly exitCode: number;
    readonly message: string;
    readonly hint?: string;
  };
}

describe('what dies in the middle of a build', () => {
  let lab: Lab;
  let line: string[];
  beforeAll(async () => {
    lab = await startLab({ moby: 'light', mirrors: todaysMirrors });
    const commit = lab.repos['moby/moby']?.commit ?? '';
    line = ['moby-build', '--ref', 'v20.10.12', '--commit', commit, '--profile', 'cn', '--json'];
  });
  afterAll(async () => {
    await lab.stop();
  });
  beforeEach(() => {
    lab.clearLogs();
  });

  it('a git mirror in its pack: the same run goes on with the next one', async () => {
    await lab.setFaults({ 'ghfast.top': [{ fault: 'drop', kinds: ['git'], bulk: true, path: '/moby/moby' }] });
    const { exitCode, stderr } = await lab.exec([...line, '--no-probe', '--dry-run'], { timeoutMs: 10 * 60_000 });
    expect(exitCode, stderr.slice(-2000)).toBe(0);
    expect(stderr).toMatch(/ghfast\.top did not serve/u);
    const packs = lab
      .requests()
      .filter(({ kind, method, path }) => kind === 'git' && method === 'POST' && path.includes('/moby/moby'));
    expect(packs.find(({ whole }) => !whole)).toMatchObject({ host: 'ghfast.top', fault: 'drop' });
    expect(
      packs.filter(({ host }) => host !== 'ghfast.top').every(({ whole, status }) => whole && status === 200),
    ).toBe(true);
    expect(new Set(packs.map(({ host }) => host)).size).toBe(2);
    await lab.setFaults({});
  });

  it('the engine: a clear error, and the next run repeats no finished step and fetches nothing twice', async () => {
    const log = `/root/.cache/moby-build/v20.10.12-linux-${arch}/build.log`;
    // Some of its RUN steps are done, and others are under way.
    const script = `ids() { grep -oE "^#[0-9]+ $1" ${log} 2>/dev/null | cut -d' ' -f1 | sort -u; }
      ${line.join(' ')} --no-probe >/tmp/first.json 2>/tmp/first.err & pid=$!
      for i in $(seq 1 1500); do [ "$(comm -12 <(ids '\\[[^ ]+ +[0-9]+/[0-9]+\\] RUN') <(ids DONE) | wc -l)" -ge 5 ] && break; sleep 0.1; done
      ${KILL}; wait $pid; echo "exit $?"; cp ${log} /tmp/first.log`;
    const killed = await lab.exec(['bash', '-c', script], { timeoutMs: 10 * 60_000 });
    const first = JSON.parse((await lab.exec(['cat', '/tmp/first.json'])).stdout) as Document;
    expect(killed.stdout).toBe('exit 6\n');
    expect(first.error).toMatchObject({ code: 'builder-lost', exitCode: 6 });
    expect(first.error?.message).toContain('outside of any step');
    expect(first.error?.hint).toContain('Start the engine again, then run the same command again');
    expect((await lab.exec(['test', '-e', OUT])).exitCode).toBe(1);
    const finished = finishedSteps((await lab.exec(['cat', '/tmp/first.log'])).stdout);
    expect(finished.length).toBeGreaterThan(3);
    const had = lab.requests().filter(({ whole, status }) => whole && status === 200);
    const blobs = had.filter(({ path }) => path.includes('/blobs/')).map(({ path }) => path);
    expect(blobs.length).toBeGreaterThan(0);
    expect((await lab.exec(['bash', '-c', RESTART], { timeoutMs: 60_000 })).exitCode).toBe(0);

    lab.clearLogs();
    const again = await lab.exec([...line, '--no-probe'], { timeoutMs: 10 * 60_000 });
    const second = JSON.parse(again.stdout) as Document;
    expect(again.exitCode, second.error?.message).toBe(0);
    const repeated = (second.steps ?? []).filter(({ name, cached }) => !cached && finished.includes(name));
    expect(repeated.map(({ name }) => name)).toEqual([]);
    expect(lab.requests().filter(({ path }) => blobs.includes(path))).toEqual([]);
  });
});

/** Names of the RUN steps that a log tells as done: `#12 [proxy 1/1] RUN …`, later `#12 DONE 5.4s`. */
function finishedSteps(log: string): readonly string[] {
  const done = new Set([...log.matchAll(/^#(\d+) DONE /gmu)].map(([, id]) => id));
  return [...log.matchAll(/^#(\d+) (\[\S+ \d+\/\d+\] RUN .+)$/gmu)].flatMap(([, id, name]) =>
    done.has(id) && name !== undefined ? [name] : [],
  );
}
