import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDeparture, type VersionAnswer } from '../../../src/artifacts/ask-version.ts';
import { readElf } from '../../../src/artifacts/elf/elf-format.ts';
import { expectedNames } from '../../../src/moby/expected-names.ts';
import { judgeBinary, type BinaryDemands } from '../../../src/artifacts/judge-binary.ts';
import { askedFirst, versionQuestion } from '../../../src/artifacts/version-options.ts';
import { readDockerdVersion } from '../../../src/artifacts/version-text.ts';
import { seriesOfRef, versionOfRef } from '../../../src/moby/series.ts';
import type { CheckResult } from '../../../src/types.ts';
import { makeElf } from './elf-bytes.ts';

type SaidRow = readonly [
  ref: string,
  name: string,
  args: readonly string[],
  exit: number,
  stdout: string,
  stderr: string,
];
type BinaryRow = readonly [
  ref: string,
  arch: string,
  name: string,
  machine: string,
  isStatic: boolean,
  version: string | null,
];

/** What genuine builds are and print: recorded of moby and its components as compiled from their own repositories, on amd64. */
const facts = JSON.parse(readFileSync(new URL('genuine-builds.json', import.meta.url), 'utf8')) as {
  readonly said: readonly SaidRow[];
  readonly binaries: readonly BinaryRow[];
};
const builds = [...new Set(facts.binaries.map(([ref, arch]) => `${ref} ${arch}`))].map((build) => build.split(' '));

function departure(ref: string, name: string, args: readonly string[]): SaidRow | undefined {
  return facts.said.find((row) => row[0] === ref && row[1] === name && row[2].join(' ') === args.join(' '));
}

/** Asks each binary of a build as verify does, against the recorded answers; one without a record is a stand-in there. */
function askAll(ref: string, names: readonly string[]): Map<string, VersionAnswer> {
  const answers = new Map<string, VersionAnswer>();
  for (const first of [true, false]) {
    const texts = Object.fromEntries([...answers].flatMap(([n, a]) => (a.kind === 'said' ? [[n, a.text]] : [])));
    for (const name of names.filter((one) => askedFirst(one) === first)) {
      const question = versionQuestion(name, texts);
      const row = question === null ? undefined : departure(ref, name, question.args);
      if (question === null || row === undefined) answers.set(name, { kind: 'not-asked' });
      else {
        const [, , , exitCode, stdout, stderr] = row;
        answers.set(name, readDeparture({ exitCode, signal: null, stdout, stderr, timedOut: false }, question, false));
      }
    }
  }
  return answers;
}

function judge([, , name, machine, isStatic]: BinaryRow, answer: VersionAnswer, demands: BinaryDemands): CheckResult {
  const number = { x86_64: 62, aarch64: 183 }[machine];
  const bytes =
    number === undefined
      ? Buffer.from('#!/bin/sh\n')
      : makeElf({
          machine: number,
          ...(isStatic ? {} : { needed: ['libc.so.6'], interpreter: '/lib64/ld-linux-x86-64.so.2' }),
        });
  const format = readElf((at, length) => bytes.subarray(at, at + length), bytes.length);
  const version = answer.kind === 'said' ? answer.line : null;
  return judgeBinary(
    {
      facts: { name, path: `/out/${name}`, bytes: bytes.length, sha256: '', machine, static: isStatic, version },
      format,
      answer,
      executable: true,
      seconds: 0,
    },
    demands,
  );
}

describe('every genuine build passes', () => {
  it.each(builds)('%s %s', (ref = '', arch = '') => {
    const rows = facts.binaries.filter((row) => row[0] === ref && row[1] === arch);
    const names = rows.map(([, , name]) => name);
    const answers = arch === 'amd64' ? askAll(ref, names) : new Map<string, VersionAnswer>();
    const dockerd = answers.get('dockerd');
    const stamp = dockerd?.kind === 'said' ? readDockerdVersion(dockerd.text) : null;
    expect(stamp?.version ?? null).toBe(arch === 'amd64' ? ref.slice(1) : null);

    for (const row of rows) {
      const [, , name, , isStatic, version] = row;
      const answer = answers.get(name) ?? { kind: 'cannot-run' };
      const check = judge(row, answer, { arch, dockerd: 'static', ...stamp });
      const dynamic = !isStatic && !name.endsWith('.sh');
      expect([name, check.result, check.seen]).toEqual([name, dynamic ? 'warning' : 'ok', expect.any(String)]);
      // The recorder did not ask docker-proxy, and what stands for vpnkit is tini.
      if (name === 'docker-proxy' || name === 'vpnkit') continue;
      expect([name, answer.kind === 'said' ? answer.line : null]).toEqual([name, version]);
    }
  });

  it.each(builds.filter(([ref]) => ref !== 'v27.5.1'))(
    'the names of %s %s are the expected ones',
    (ref = '', arch = '') => {
      const names = facts.binaries.filter((row) => row[0] === ref && row[1] === arch).map(([, , name]) => name);
      const series = seriesOfRef(ref)?.name ?? '';
      const expected = expectedNames({
        series,
        target: series === '20.10' ? 'binary' : 'all',
        arch,
        version: versionOfRef(ref)?.version ?? '',
        without: names.includes('vpnkit') ? [] : ['vpnkit'],
      });
      expect([...names].sort()).toEqual([...(expected ?? [])].sort());
    },
  );
});

describe('no genuine binary is asked in a way that it does not know', () => {
  it.each([...new Set(facts.said.map(([ref]) => ref))])('%s', (ref) => {
    const names = [...new Set(facts.said.filter((row) => row[0] === ref).map(([, name]) => name))];
    const answers = askAll(ref, names);
    for (const [name, answer] of answers) {
      const known = facts.said.some((row) => row[0] === ref && row[1] === name && row[3] === 0);
      expect([name, answer.kind]).toEqual([name, known ? 'said' : 'not-asked']);
    }
  });

  it('and each recorded refusal is read as one', () => {
    const refusals = facts.said.filter(([, , , exit]) => exit !== 0);
    expect(refusals.length).toBeGreaterThan(20);
    for (const [, , args, exitCode, stdout, stderr] of refusals) {
      const question = { args, certain: false };
      expect(readDeparture({ exitCode, signal: null, stdout, stderr, timedOut: false }, question, false)).toEqual({
        kind: 'refused',
        certain: false,
        args,
      });
    }
  });
});
