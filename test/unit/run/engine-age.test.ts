import { describe, expect, it } from 'vitest';
import { buildFailure } from '../../../src/make/progress/build-failure.ts';
import type { BuildFailed } from '../../../src/make/progress/build-failure.ts';
import { withEngineAge } from '../../../src/run/compile/engine-age.ts';
import { tellOldEngine } from '../../../src/run/notes/old-engine.ts';
import type { Machine } from '../../../src/run/stage/stages.ts';
import type { Note, Plan } from '../../../src/types.ts';
import { goodEngine } from '../doctor/fixtures.ts';

const machineOf = (serverVersion: string): Machine => ({
  is: 'checked',
  engine: { ...goodEngine, serverVersion } as unknown as Extract<Machine, { is: 'checked' }>['engine'],
  checks: [],
});

function failure(lines: readonly string[]): BuildFailed {
  const failed = { name: 'RUN apt-get update', stage: 'base', message: 'exit code: 100', lines, telling: lines };
  const summary = { failed, outside: [] } as unknown as Parameters<typeof buildFailure>[0]['summary'];
  return buildFailure({ summary, blame: null, exitCode: 1, signal: null, log: '/l/build.log' });
}

const INVALID =
  'W: GPG error: http://deb.example/debian bookworm InRelease: At least one invalid signature was encountered.';
const UNSIGNED = "E: The repository 'http://deb.example/debian bookworm InRelease' is not signed.";
const FREE = { suite: null, images: {} };

describe('the age of the engine', () => {
  it.each([
    ['apt cannot check', [INVALID, UNSIGNED]],
    ['apt’s second line alone', [UNSIGNED]],
    ['a hook of apt', ["E: Problem executing scripts APT::Update::Post-Invoke 'rm -f x || true'"]],
    ['Go', ['runtime/cgo: pthread_create failed: Operation not permitted']],
  ])('is the cause, and no mirror: %s', (_, lines) => {
    const told = withEngineAge(failure(lines), machineOf('20.10.5'), FREE) as BuildFailed;
    expect(told.message).toContain('engine 20.10.5 stops system calls');
    expect(told.hint).toContain('20.10.10');
    expect(told.hint).not.toMatch(/mirror/u);
    expect(told).toMatchObject({ code: 'build-failed', exitCode: 6, fault: { local: true } });
  });

  it.each<[string, readonly string[], string]>([
    ['an engine that knows them', [INVALID, UNSIGNED], '20.10.10'],
    ['another fault', ['E: Unable to locate package pkg-config'], '20.10.5'],
  ])('is not: %s', (_, lines, version) => {
    const failed = failure(lines);
    expect(withEngineAge(failed, machineOf(version), FREE)).toBe(failed);
    expect(withEngineAge(failed, { is: 'unchecked' }, FREE)).toBe(failed);
  });

  it('is answered with an older suite only where the user chose the newer one', () => {
    const next = (
      choices: typeof FREE | { readonly suite: string; readonly images: Readonly<Record<string, string>> },
    ) => (withEngineAge(failure([INVALID]), machineOf('20.10.5'), choices) as BuildFailed).command;
    expect(next({ suite: 'bookworm', images: {} })).toMatchObject({ change: { set: [['--suite', 'bullseye']] } });
    expect(next(FREE)).toBe('docker version');
    expect(next({ suite: 'bookworm', images: { golang: 'x/golang:1-bookworm' } })).toBe('docker version');
  });

  it.each([
    ['20.10.5', 'docker.m.example/library/golang:1.19.7-bookworm', true],
    ['20.10.5', 'golang:1.19.7-bullseye', false],
    ['20.10.24', 'golang:1.19.7-bookworm', false],
  ])('is told before the build: engine %s, image %s: %s', (version, image, told) => {
    const notes: Note[] = [];
    const plan = {
      points: [{ id: 'base/image', kind: 'image', inClosure: true }],
      becomes: new Map([['base/image', image]]),
    } as unknown as Plan;
    tellOldEngine({ machine: machineOf(version), plan }, { note: (...more) => notes.push(...more) });
    expect(notes.map(({ code }) => code)).toEqual(told ? ['old-engine'] : []);
    if (told) expect(notes[0]?.message).toMatch(/engine 20\.10\.5 .*golang:1\.19\.7-bookworm uses/u);
  });
});
