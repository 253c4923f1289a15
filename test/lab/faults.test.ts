import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellOf, LATE_BUILDS, type LateBuild } from './fault-cells.ts';
import {
  catalogueOf,
  faultMirrors,
  FAULTS,
  GOOD,
  faultTable,
  hostOf,
  KINDS,
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
/** They give another image, or another manifest, under the same name. */
const OF_DIGESTS: readonly Fault[] = ['moved', 'tampered', 'tampered-index'];
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
  readonly kinds?: Readonly<Record<string, Measured>>;
  readonly error?: {
    readonly code: string;
    readonly exitCode: number;
    readonly message: string;
    readonly command?: string;
  };
}
interface Measured {
  readonly chosen: string | null;
  readonly candidates: readonly { readonly id: string; readonly outcome: string }[];
  readonly objects: readonly { readonly chosen: string | null }[];
}

/** `apt: short, tampered; image: short` */
function titleOf({ meets }: LateBuild): string {
  return KINDS.flatMap((kind) => {
    const faults = meets[kind] ?? [];
    return faults.length === 0 ? [] : [`${kind}: ${faults.join(', ')}`];
  }).join('; ');
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
    const { exitCode, document } = await build('healthy', 'late', () => []);
    expect(exitCode, document.error?.message).toBe(0);
    healthy = document.binaries ?? [];
    expect(healthy.length).toBeGreaterThan(10);
  });
  afterAll(async () => {
    process.stdout.write(table());
    await lab.stop();
  });

  async function run(id: string, catalogue: string, more: readonly string[]) {
    await lab.exec(['tee', `/root/${id}.json`], { input: catalogue });
    const line = ['--ref', 'v20.10.12', '--commit', lab.repos['moby/moby']?.commit ?? '', '--json', '--profile', 'cn'];
    line.push('--catalogue', `/root/${id}.json`);
    const { exitCode, stdout, stderr } = await lab.exec(['moby-build', ...more, ...line], { timeoutMs: LIMIT_MS });
    expect(stdout, stderr.slice(-2000)).not.toBe('');
    return { exitCode, document: JSON.parse(stdout) as Document };
  }

  async function build(id: string, time: Time, faultyOf: (kind: Kind) => readonly Fault[]) {
    const met = new Set(KINDS.flatMap(faultyOf));
    const out = `/root/out/${id}`;
    const ended = await run(id, catalogueOf(time, faultyOf), [
      ...['build', '--work-dir', `/root/work/${id}`, '--out', out],
      ...(time === 'late' ? ['--no-probe'] : []),
      ...(met.has('expired') ? ['--suite', 'bookworm'] : []),
      ...(met.has('hang') && time === 'late' ? ['--stall-timeout', PATIENCE] : []),
    ]);
    return { ...ended, out };
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
  function askedOf(fault: Fault, kind: Kind) {
    return lab.requests().filter((each) => each.host === hostOf(fault, 'late') && each.kind === LOGGED[kind]);
  }

  async function judgeLate(late: LateBuild): Promise<void> {
    const cells = KINDS.flatMap((kind) => (late.meets[kind] ?? []).map((fault) => ({ fault, kind })));
    const id = `late-${titleOf(late).replace(/[^a-z0-9]+/gu, '-')}`;
    const ended = await build(id, 'late', (kind) => late.meets[kind] ?? []);
    for (const { fault, kind } of cells)
      seen.set(`${fault} late ${kind}`, ended.exitCode === 0 ? 'another mirror' : `exit ${String(ended.exitCode)}`);
    if (cells.some(({ fault, kind }) => cellOf(fault, 'late', kind).is === 'error')) {
      expect(cells.length).toBe(1);
      await expectClear(ended);
      return;
    }
    expect(ended.exitCode, ended.document.error?.message).toBe(0);
    await expectSame(ended);
    for (const { fault, kind } of cells) {
      if (cellOf(fault, 'late', kind).is === 'well') seen.set(`${fault} late ${kind}`, 'well');
      else if (!NEVER_ASKED.includes(fault)) expect(askedOf(fault, kind).length, `${fault} ${kind}`).toBeGreaterThan(0);
    }
  }

  /** Each faulty mirror is measured beside the good ones. */
  async function judgeEarly(faultyOf: (kind: Kind) => readonly Fault[], more: readonly string[]): Promise<void> {
    const { exitCode, document } = await run('probed', catalogueOf('early', faultyOf), ['mirrors', 'probe', ...more]);
    expect(exitCode, document.error?.message).toBe(0);
    for (const kind of KINDS)
      for (const fault of faultyOf(kind)) {
        const host = hostOf(fault, 'early');
        const measured = document.kinds?.[kind] ?? expect.fail(`${kind} was not measured`);
        const outcome = measured.candidates.find(({ id }) => id === host)?.outcome ?? 'not asked';
        seen.set(`${fault} early ${kind}`, outcome);
        // Which digest of an image or id of a commit is right is settled where it is fetched: the build below shows it.
        if (['image', 'git'].includes(kind) && OF_DIGESTS.includes(fault)) continue;
        if (cellOf(fault, 'early', kind).is === 'well') {
          expect(outcome, `${fault} ${kind}`).toBe('ok');
          continue;
        }
        expect(outcome, `${fault} ${kind}`).not.toBe('ok');
        const chosen = [measured.chosen, ...measured.objects.map((object) => object.chosen)];
        expect(chosen, `${fault} ${kind}`).not.toContain(host);
      }
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

  const late = (alone: boolean): [string, LateBuild][] =>
    LATE_BUILDS.filter((each) => each.alone === alone).map((each) => [titleOf(each), each]);
  /** `expired` is of suites that are not archived; the others meet the tree's own. */
  const early =
    (...is: readonly string[]) =>
    (kind: Kind): readonly Fault[] =>
      FAULTS.filter((fault) => fault !== 'expired' && is.includes(cellOf(fault, 'early', kind).is));

  it.each(late(true))('late: %s', async (_, each) => {
    // What came before would else serve in place of the mirror.
    await lab.exec(['docker', 'builder', 'prune', '--all', '--force']);
    await judgeLate(each);
  });
  describe.concurrent('side by side', () => {
    beforeAll(async () => {
      // A damaged layer stays in the engine until then.
      await lab.exec(['docker', 'builder', 'prune', '--all', '--force']);
    });
    it.each(late(false))('late: %s', (_, each) => judgeLate(each));
  });
  // Alone: measuring all has ten seconds, and whoever is not measured is not chosen.
  it('early: the probe knows each of them', async () => {
    await judgeEarly(early('other', 'well'), []);
    await judgeEarly((kind) => (kind === 'apt' ? ['expired'] : []), ['--suite', 'bookworm']);
  });
  it('early: a build with all of them before the good ones takes the good ones', async () => {
    const ended = await build('all-early', 'early', early('other'));
    expect(ended.exitCode, ended.document.error?.message).toBe(0);
    await expectSame(ended);
    const points = (ended.document.points ?? []).filter(({ inClosure, mirror }) => inClosure && mirror !== null);
    expect(points.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['apt', 'gomod', 'image']));
    for (const { kind, mirror } of points) expect(GOOD, kind).toContain(mirror);
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
