import { describe, expect, it } from 'vitest';
import { cellDigest, type CellInput } from '../../../src/matrix/cell-digest.ts';
import { cellWords, handedWords, lockOf } from '../../../src/matrix/cell-words.ts';
import { fateOf } from '../../../src/matrix/fate.ts';
import { readMatrixFile } from '../../../src/matrix/matrix-file.ts';
import { NO_STATE, readState, whyToBuild } from '../../../src/matrix/state.ts';
import { splitLine } from '../../../src/config/layers/command-line.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { parsed, refused } from '../config/command-line-from.ts';
import { plan, point } from '../ui/plan-fixture.ts';

const cell = { id: 'v1-linux-arm64', ref: 'v1', arch: 'arm64', target: 'binary' } as const;
const SUM = 'a'.repeat(64);

describe('whether a cell is built again', () => {
  const built = { digest: SUM, builder: 'a', seconds: 1, files: { dockerd: SUM, runc: SUM } };
  it.each([
    [built, SUM, { dockerd: SUM, runc: SUM }, null],
    [undefined, SUM, {}, 'not built'],
    [built, 'b'.repeat(64), { dockerd: SUM, runc: SUM }, 'its plan has changed'],
    [built, SUM, { dockerd: 'b'.repeat(64), runc: SUM }, 'dockerd was changed'],
    [built, SUM, { dockerd: SUM, runc: null }, 'runc is missing'],
    [{ ...built, files: {} }, SUM, {}, 'not built'],
  ] as const)('%#', (was, digest, sums, why) => {
    expect(whyToBuild(was, digest, sums)).toBe(why);
  });

  it('a state that cannot be read counts as none', () => {
    for (const text of [null, '', '{', '[]', '{"schema":"other"}', JSON.stringify({ ...NO_STATE, more: 1 })])
      expect(readState(text)).toEqual(NO_STATE);
    const state = { ...NO_STATE, cells: { x: built } };
    expect(readState(JSON.stringify(state))).toEqual(state);
  });

  it('the digest is of all that decides what is built, and of nothing else', () => {
    const input: CellInput = {
      ...{ toolVersion: '1', cell, words: ['--profile=cn'], plan: plan([point({})]) },
      command: { args: ['make', 'binary'], env: { A: '1', B: '2' } },
    };
    const digest = cellDigest(input);
    expect(digest).toMatch(/^[0-9a-f]{64}$/u);
    expect(cellDigest({ ...input, command: { ...input.command, env: { B: '2', A: '1' } } })).toBe(digest);
    const others: CellInput[] = [
      { ...input, toolVersion: '2' },
      { ...input, words: [] },
      { ...input, cell: { ...cell, id: 'x' } },
      { ...input, plan: { ...input.plan, commit: 'f'.repeat(40) } },
      { ...input, plan: { ...input.plan, after: new Map([['Dockerfile', { text: 'FROM x', mode: '100644' }]]) } },
      { ...input, command: { ...input.command, args: ['make', 'all'] } },
    ];
    expect(new Set([digest, ...others.map(cellDigest)]).size).toBe(others.length + 1);
  });
});

describe('the words of a cell', () => {
  const handed = async (...argv: string[]) => handedWords((await splitLine(['matrix', ...argv])).flags);

  it('are the options of the line that are a build’s, as they were written', async () => {
    expect(
      await handed(
        ...['--refs', 'v1', '--arches=arm64', '--builder', 'a', '--keep-going', '--jobs', '2', '--json', '--dry-run'],
        ...[
          '--profile',
          'cn',
          '--no-probe',
          '--mirror',
          'git=https://a b/{url}',
          '--mirror',
          'apt=https://x',
          '--out',
          'o',
          '--smoke',
        ],
        ...['--lock', 'l', '--source', '.'],
      ),
    ).toEqual(['--profile=cn', '--no-probe', '--mirror=git=https://a b/{url}', '--mirror=apt=https://x', '--smoke']);
  });

  it('are a line of build that our own parser takes, with cache mounts of its own', async () => {
    const place = {
      out: '/o',
      builder: 'farm',
      source: 'file:///c',
      commit: 'a'.repeat(40),
      lock: '/l/{ref}-{arch}-{target}.lock',
    };
    const words = cellWords(cell, ['--profile=cn'], place);
    const { options } = await parsed(words);
    expect(options).toMatchObject({
      ...{
        ref: 'v1',
        arch: 'arm64',
        target: 'binary',
        profile: 'cn',
        builders: ['farm'],
        out: '/o',
        lock: '/l/v1-arm64-binary.lock',
      },
      buildArgs: { BUILDKIT_CACHE_MOUNT_NS: 'v1-linux-arm64' },
    });
    const given = cellWords(cell, ['--build-arg=BUILDKIT_CACHE_MOUNT_NS=mine'], place);
    expect((await parsed(given)).options.buildArgs).toEqual({ BUILDKIT_CACHE_MOUNT_NS: 'mine' });
    expect(lockOf({ ...cell, ref: 'a/b' }, '{ref}{other}')).toBe('a_b{other}');
  });
});

describe('how a cell ended', () => {
  const error = { code: 'build-failed', exitCode: 6, message: 'm', where: null, hint: null, command: null };
  it.each([
    [0, '{"binaries":[]}', 'built'],
    [6, JSON.stringify({ error }), 'failed'],
    [6, JSON.stringify({ error: { ...error, code: 'builder-lost' } }), 'lost'],
    [
      3,
      JSON.stringify({
        error: { ...error, code: 'machine', exitCode: 3 },
        machine: [{ id: 'engine', result: 'failed' }],
      }),
      'lost',
    ],
    [
      3,
      JSON.stringify({
        error: { ...error, code: 'machine', exitCode: 3 },
        machine: [{ id: 'disk', result: 'failed' }],
      }),
      'failed',
    ],
    [null, '', 'failed'],
    [0, 'no document', 'failed'],
    [1, '[]', 'failed'],
  ])('%s %s: %s', (exitCode, stdout, is) => {
    expect(fateOf(exitCode, stdout, 'v1').is).toBe(is);
  });
});

describe('matrix.yaml', () => {
  it('is read with its axes', () => {
    const text =
      'refs: [v20.10.2*, "!*rc*"]\narches: [amd64, arm64]\nexclude:\n  - {ref: v20.10.2, arch: arm64}\njobs: 2\n';
    expect(readMatrixFile(text, 'matrix.yaml')).toEqual({
      ...{ refs: ['v20.10.2*', '!*rc*'], arches: ['amd64', 'arm64'], jobs: 2 },
      exclude: [{ ref: 'v20.10.2', arch: 'arm64' }],
    });
  });

  it.each([
    ['refs: []', 'matrix.yaml:1:7 refs needs one ref'],
    ['refs: [v1]\narches: [amd46]', 'matrix.yaml:2:10 arches.0 must be one of'],
    ['refs: [v1]\nprofile: cn', 'profile'],
    ['refs: ["a b"]', 'must be a tag'],
    ['refs: [v1]\njobs: 0', 'from 1 to'],
    ['refs: [', 'matrix.yaml:1'],
    ['', 'matrix.yaml'],
  ])('%j is refused', (text, words) => {
    expect(() => readMatrixFile(text, 'matrix.yaml')).toThrow(MobyBuildError);
    expect(() => readMatrixFile(text, 'matrix.yaml')).toThrow(words);
  });
});

describe('the line of a matrix', () => {
  it('is read', async () => {
    const { options } = await parsed([
      'matrix',
      '--refs',
      'v20.10.2*,!*rc*',
      '--arches=x86_64,arm64',
      '--shard',
      '2/5',
      '--builder=a',
      '--builder',
      'b',
      '--jobs',
      '3',
    ]);
    expect(options).toMatchObject({
      ...{
        refs: ['v20.10.2*', '!*rc*'],
        arches: ['amd64', 'arm64'],
        shard: { index: 2, count: 5 },
        builders: ['a', 'b'],
        jobs: 3,
      },
    });
  });

  it.each([
    [['--shard', '6/5'], '--shard must be i/n with i from 1 to n'],
    [['--shard', '0/5'], 'from 1 to n'],
    [['--jobs', '0'], 'from 1 to 64'],
    [['--ref', 'v1'], 'is no option of matrix'],
    [['--in-place'], 'is no option of matrix'],
    [['--builder=-x'], 'the name of a builder'],
    [['--refs', 'v1 v2'], 'must be a tag'],
    [['--refs', ''], 'needs a value'],
    [['--print', 'json', '--json'], '--print prints the cells'],
    [['more'], 'no command'],
  ])('%j is refused: %s', async (argv, words) => {
    expect((await refused(['matrix', ...argv])).message).toContain(words);
  });

  it('one build has one builder', async () => {
    expect((await parsed(['build', '--builder', 'a'])).options.builders).toEqual(['a']);
    expect((await refused(['build', '--builder', 'a,b'])).message).toContain('--builder names one builder');
  });
});
