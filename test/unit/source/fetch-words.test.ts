import { describe, expect, it } from 'vitest';
import { noUsableMirror, unknownEverywhere, type FetchAttempt } from '../../../src/transport/fetch-failure.ts';
import { triesAfter } from '../../../src/transport/transfer-again.ts';
import { classifyFetchFailure } from '../../../src/transport/fetch-outcome.ts';
import { readProgress } from '../../../src/transport/fetch-progress.ts';

describe('classifyFetchFailure', () => {
  it.each([
    ["fatal: unable to access 'https://x/': Could not resolve host: x", 'unreachable', /name x does not resolve/],
    [
      "fatal: unable to access 'https://x/': Failed to connect to x port 443 after 2 ms: Couldn't connect to server",
      'unreachable',
      /no connection/,
    ],
    [
      "fatal: unable to access 'https://x/': Failed to connect to x port 443: Connection timed out",
      'unreachable',
      /connection/,
    ],
    [
      "fatal: unable to access 'https://x/': SSL certificate problem: self-signed certificate",
      'unreachable',
      /self-signed/,
    ],
    [
      "fatal: unable to access 'https://x/': server certificate verification failed. CAfile: none CRLfile: none",
      'unreachable',
      /not trusted/,
    ],
    ["fatal: unable to access 'https://x/': The requested URL returned error: 403", 'refused', /403/],
    [
      "error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502\nfatal: expected 'packfile'",
      'refused',
      /502/,
    ],
    ["fatal: repository 'https://x/' not found", 'refused', /no such repository/],
    ["fatal: could not read Username for 'https://x': terminal prompts disabled", 'refused', /user name/],
    ["fatal: couldn't find remote ref v1", 'no-such-ref', /no such ref/],
    [
      'fatal: https://x/info/refs not valid: could not determine hash algorithm; is this a git repository?',
      'not-git',
      /not a git server/,
    ],
    ['fatal: dumb http transport does not support shallow capabilities', 'no-singles', /files/],
    [
      'error: Server does not allow request for unadvertised object 52b36a2dd837e8462de8e01458bf02cf9eea47dd',
      'no-singles',
      /no single commits/,
    ],
    [
      'error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF\nfatal: fetch-pack: invalid index-pack output',
      'broke-off',
      /broke off/,
    ],
    [
      'error: RPC failed; curl 28 Operation too slow. Less than 1000 bytes/sec transferred the last 60 seconds',
      'too-slow',
      /1000 bytes/,
    ],
    [
      'error: object 12ab: missingSpaceBeforeDate\nfatal: fsck error in packed object\nfatal: fetch-pack: invalid index-pack output',
      'broken',
      /damaged/,
    ],
    ['remote: error\nfatal: remote did not send all necessary objects', 'broken', /damaged/],
    [
      'fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output',
      'disk-full',
      /no space/,
    ],
    ['fatal: something new', 'unknown', /something new/],
    ['', 'unknown', /nothing/],
  ])('%s', (said, outcome, reason) => {
    const failure = classifyFetchFailure(said, false);
    expect(failure.outcome).toBe(outcome);
    expect(failure.reason).toMatch(reason);
  });

  it('knows when we ended it ourselves', () => {
    expect(classifyFetchFailure('', true).outcome).toBe('too-slow');
  });
});

describe('noUsableMirror', () => {
  const attempt = (outcome: FetchAttempt['outcome'], mirror = 'm'): FetchAttempt => ({
    outcome,
    mirror,
    url: `https://${mirror}.example/`,
    reason: `because ${outcome}`,
  });

  it.each([
    ['v20.10.12', ['unreachable', 'unreachable'], 'network-down', 5],
    ['v20.10.12', ['not-git'], 'mirror-answers-html', 5],
    ['v20.10.12', ['not-git', 'refused'], 'no-usable-mirror', 5],
    ['v20.10.12', ['no-such-ref'], 'no-usable-mirror', 5],
    ['mine', ['no-such-ref', 'unreachable'], 'unknown-ref', 2],
    ['mine', ['no-such-ref', 'broken'], 'no-usable-mirror', 5],
  ] as const)('%s after %j is %s', (ref, outcomes, code, exitCode) => {
    const attempts = outcomes.map((outcome) => attempt(outcome));
    expect(unknownEverywhere(ref, attempts) ?? noUsableMirror(ref, attempts)).toMatchObject({ code, exitCode });
  });

  it('names each and why', () => {
    const { message } = noUsableMirror('v20.10.12', [attempt('not-git', 'one'), attempt('refused', 'two')]);
    expect(message).toContain('one (https://one.example/): because not-git');
    expect(message).toContain('two (https://two.example/): because refused');
  });
});

describe('readProgress', () => {
  it.each([
    [
      'Receiving objects:  42% (3141/7478), 5.20 MiB | 1.20 MiB/s',
      { phase: 'receiving', percent: 42, receivedBytes: 5452595 },
    ],
    [
      'Receiving objects: 100% (7478/7478), 10.59 MiB | 5.45 MiB/s, done.',
      { phase: 'receiving', percent: 100, receivedBytes: 11104420 },
    ],
    [
      'Receiving objects: 100% (3/3), 512 bytes | 512.00 KiB/s, done.',
      { phase: 'receiving', percent: 100, receivedBytes: 512 },
    ],
    ['Receiving objects:   0% (1/7478)', { phase: 'receiving', percent: 0, receivedBytes: null }],
    ['remote: Counting objects:  10% (747/7478)        ', { phase: 'remote', percent: 10, receivedBytes: null }],
    ['remote: Enumerating objects: 7478, done.', { phase: 'remote', percent: null, receivedBytes: null }],
    ['Resolving deltas: 100% (908/908), done.', { phase: 'resolving', percent: 100, receivedBytes: null }],
    ['Updating files:  50% (3700/7400)', { phase: 'files', percent: 50, receivedBytes: null }],
    ['From https://x', null],
    ['', null],
  ])('%s', (line, progress) => {
    expect(readProgress(line)).toEqual(progress);
  });
});

describe('triesAfter', () => {
  it.each([
    [{ outcome: 'refused', reason: 'x', status: 429 }, 2],
    [{ outcome: 'refused', reason: 'x', status: 503 }, 2],
    [{ outcome: 'refused', reason: 'HTTP status 503', status: 404 }, 0],
    [{ outcome: 'refused', reason: 'HTTP status 503' }, 0],
    [{ outcome: 'broke-off', reason: 'x' }, 1],
    [{ outcome: 'broken', reason: 'the transfer broke off' }, 0],
  ] as const)('%j: %i', (failure, tries) => {
    expect(triesAfter(failure)).toBe(tries);
  });

  it('goes by the status that git told of', () => {
    const said = "fatal: unable to access 'https://m.example/x/': The requested URL returned error: 503";
    expect(classifyFetchFailure(said, false)).toEqual({ outcome: 'refused', reason: 'HTTP status 503', status: 503 });
  });
});
