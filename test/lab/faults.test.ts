import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildsOf, cellOf } from './fault-cells.ts';
import {
  catalogueOf,
  faultMirrors,
  FAULTS,
  faultTable,
  hostOf,
  KINDS,
  OF_BYTES,
  TIMES,
  type Fault,
  type Kind,
  type Time,
} from './fault-mirrors.ts';
import { startLab, type Lab } from './lab.mjs';

/** The lab calls Go's things `go`. */
const LOGGED: Readonly<Record<Kind, string>> = { apt: 'apt', git: 'git', gomod: 'go', image: 'image' };
/**
 * Their installers compile in a directory with a random name, which is in what Go makes, also where it is compressed: known by their
 * version, and by a size that differs by a few bytes.
 */
const RANDOM_PATH: readonly string[] = ['docker-proxy', 'rootlesskit', 'rootlesskit-docker-proxy'];
const FEW_BYTES = 256;
/** Their connections end before anything is asked. */
const NEVER_ASKED: readonly Fault[] = ['refuse', 'bad-certificate'];
/** Seconds of silence after which a build ends that waits for a mirror. */
const PATIENCE = '15';
const LIMIT_MS = 10 * 60_000;

interface Binary {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly version: string | null;
}
interface Document {
  readonly binaries?: readonly Binary[];
  readonly points?: readonly { readonly kind: string; readonly inClosure: boolean; readonly mirror: string | null }[];
  readonly error?: {
    readonly code: string;
    readonly exitCode: number;
    readonly message: string;
    readonly command?: string;
  };
}

describe('faults of mirrors in whole builds', () => {
  let lab: Lab;
  let healthy: readonly Binary[] = [];
  const seen = new Map<string, string>();
  beforeAll(async () => {
    lab = await startLab({ moby: 'light', mirrors: faultMirrors() });
    await lab.setFaults(faultTable());
    // Its one big layer need not come anew for each build.
    await lab.exec(['docker', 'pull', '--quiet', 'good.example/library/golang:1.16.12-buster']);
    const { exitCode, document } = await build(null, 'early', KINDS);
    expect(exitCode, document.error?.message).toBe(0);
    healthy = document.binaries ?? [];
    expect(healthy.length).toBeGreaterThan(10);
  });
  afterAll(async () => {
    process.stdout.write(table());
    await lab.stop();
  });

  async function build(fault: Fault | null, time: Time, kinds: readonly Kind[]) {
    const id = `${fault ?? 'healthy'}-${time}-${kinds.join('-')}`;
    await lab.exec(['tee', `/root/${id}.json`], { input: catalogueOf(fault, time, kinds) });
    const line = [
      ...['moby-build', '--ref', 'v20.10.12', '--commit', lab.repos['moby/moby']?.commit ?? '', '--json'],
      ...['--profile', 'cn', '--catalogue', `/root/${id}.json`, ...(time === 'late' ? ['--no-probe'] : [])],
      ...(fault === 'expired' ? ['--suite', 'bookworm'] : []),
      ...(fault === 'hang' && time === 'late' ? ['--stall-timeout', PATIENCE] : []),
      ...['--work-dir', `/root/work/${id}`, '--out', `/root/out/${id}`],
    ];
    const { exitCode, stdout, stderr } = await lab.exec(line, { timeoutMs: LIMIT_MS });
    expect(stdout, stderr.slice(-2000)).not.toBe('');
    return { exitCode, document: JSON.parse(stdout) as Document, out: `/root/out/${id}` };
  }

  /** Whoever served it: nothing else than a healthy build has. */
  async function expectSame({ document, out }: Awaited<ReturnType<typeof build>>): Promise<void> {
    const facts = ({ name, bytes, sha256, version }: Binary): unknown =>
      RANDOM_PATH.includes(name) ? { name, version } : { name, bytes, version, sha256 };
    expect(document.binaries?.map(facts)).toEqual(healthy.map(facts));
    for (const [index, { name, bytes }] of healthy.entries())
      expect(Math.abs((document.binaries?.[index]?.bytes ?? 0) - bytes), name).toBeLessThan(FEW_BYTES);
    for (const { name, sha256 } of document.binaries ?? [])
      expect(
        createHash('sha256')
          .update(readFileSync(lab.pathIn(`${out}/${name}`)))
          .digest('hex'),
        name,
      ).toBe(sha256);
    expect((await lab.exec([`${out}/dockerd`, '--version'])).stdout).toContain('20.10.12');
  }

  async function expectClear({ exitCode, document, out }: Awaited<ReturnType<typeof build>>): Promise<void> {
    const { error } = document;
    expect(exitCode, error?.message).toBe(6);
    expect(error?.exitCode).toBe(6);
    // What failed, where it is in the tree or which mirror it was, and what to run next.
    expect(error?.message).toMatch(/\.example|Dockerfile:\d+|\.installer:\d+/u);
    expect(error?.command ?? '').not.toBe('');
    expect((await lab.exec(['test', '-e', out])).exitCode).toBe(1);
  }

  /** What the faulty mirror was asked for a kind, well answered or not. */
  function askedOf(fault: Fault, time: Time, kind: Kind) {
    return lab.requests().filter((each) => each.host === hostOf(fault, time) && each.kind === LOGGED[kind]);
  }

  async function judge(fault: Fault, time: Time, kinds: readonly Kind[]): Promise<void> {
    const is = kinds.map((kind) => cellOf(fault, time, kind).is);
    const ended = await build(fault, time, kinds);
    const { exitCode, document } = ended;
    for (const kind of kinds)
      seen.set(`${fault} ${time} ${kind}`, exitCode === 0 ? 'another mirror' : `exit ${String(exitCode)}`);
    if (is.includes('error')) {
      await expectClear(ended);
      return;
    }
    expect(exitCode, document.error?.message).toBe(0);
    await expectSame(ended);
    for (const kind of kinds) {
      const cell = cellOf(fault, time, kind);
      if (cell.is === 'well') seen.set(`${fault} ${time} ${kind}`, 'well');
      else if (time === 'early') expect(chosen(document, kind), kind).not.toContain(hostOf(fault, time));
      else if (!NEVER_ASKED.includes(fault)) expect(askedOf(fault, time, kind).length, kind).toBeGreaterThan(0);
    }
  }

  function chosen({ points }: Document, kind: Kind): readonly (string | null)[] {
    return (points ?? []).filter((point) => point.inClosure && point.kind === kind).map(({ mirror }) => mirror);
  }

  function text(fault: Fault, time: Time, kind: Kind): string {
    return cellOf(fault, time, kind).is === 'none' ? '-' : (seen.get(`${fault} ${time} ${kind}`) ?? '');
  }

  function table(): string {
    const head = ['fault', ...TIMES.flatMap((time) => KINDS.map((kind) => `${kind} ${time}`))];
    const rows = FAULTS.map((fault) => [
      fault,
      ...TIMES.flatMap((time) => KINDS.map((kind) => text(fault, time, kind))),
    ]);
    return [head, ...rows].map((row) => `${row.map((cell) => cell.padEnd(16)).join('')}\n`).join('');
  }

  /** Builds that need the engine for themselves: what came before would serve, or a step that waits for apt's cache would count as silent. */
  const isAlone = (fault: Fault): boolean => OF_BYTES.includes(fault) || fault === 'hang';
  const cases = (time: Time, alone: boolean): readonly [Fault, readonly Kind[]][] =>
    FAULTS.filter((fault) => isAlone(fault) === alone).flatMap((fault) =>
      buildsOf(fault, time).map((kinds): [Fault, readonly Kind[]] => [fault, kinds]),
    );

  it.each(cases('late', true))('late, %s: %j', async (fault, kinds) => {
    // What came before would else serve in place of the mirror.
    await lab.exec(['docker', 'builder', 'prune', '--all', '--force']);
    await judge(fault, 'late', kinds);
  });
  describe.concurrent('side by side', () => {
    beforeAll(async () => {
      // A damaged layer stays in the engine until then.
      await lab.exec(['docker', 'builder', 'prune', '--all', '--force']);
    });
    it.each(cases('late', false))('late, %s: %j', (fault, kinds) => judge(fault, 'late', kinds));
    it.each([...cases('early', true), ...cases('early', false)])('early, %s: %j', (fault, kinds) =>
      judge(fault, 'early', kinds),
    );
  });

  it('leaves no cell empty', () => {
    for (const fault of FAULTS)
      for (const time of TIMES)
        for (const kind of KINDS) expect(text(fault, time, kind), `${fault} ${time} ${kind}`).not.toBe('');
  });

  it('names nobody outside', () => {
    expect(lab.dnsQueries().filter(({ known }) => !known)).toEqual([]);
  });
});
