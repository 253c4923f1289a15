import { describe, expect, it } from 'vitest';
import { buildFailure, type BuildFailed } from '../../../src/make/progress/build-failure.ts';
import type { Blame } from '../../../src/make/progress/blame.ts';
import { deadWays, ofEngineNetwork } from '../../../src/run/compile/engine-network.ts';
import type { MetPoint } from '../../../src/types.ts';

function failure(lines: readonly string[], mirror: string, kind: MetPoint['kind'] = 'git'): BuildFailed {
  const point = {
    ...{ id: `x/${kind}`, file: 'Dockerfile', line: 2, netLines: [2], stage: 'x', kind, host: 'example.org' },
    ...{ url: 'https://example.org/a/b.git', inClosure: true, via: 'mirror', mirror, reason: '', anchor: null },
  } as unknown as MetPoint;
  const blame: Blame = { point, because: 'its lines name it' };
  const failed = { name: 'RUN x', stage: 'x', message: 'exit code: 1', lines, telling: lines };
  const summary = { failed, outside: [] } as unknown as Parameters<typeof buildFailure>[0]['summary'];
  return buildFailure({ summary, blame, exitCode: 1, signal: null, log: '/l' });
}

const GO = (host: string): string =>
  `go: example.org/x@v1.0.0: Get "https://${host}/example.org/x/@v/v1.0.0.info": net/http: TLS handshake timeout`;
const CURL = 'curl: (28) SSL connection timeout';

describe('the network of the engine', () => {
  it('is named where all proxies of one step are silent, in place of each of them', () => {
    const failed = failure(['a.example', 'b.example', 'c.example'].map(GO), 'a', 'gomod');
    const told = ofEngineNetwork(failed, deadWays(failed), true);
    expect(told?.message).toMatch(/a\.example: no answer in time[^]*c\.example: no answer in time/u);
    expect(told?.message).toMatch(/network of the engine.*This machine reached them/u);
    for (const word of ['MTU', 'proxy', 'DNS', 'firewall', '--network host']) expect(told?.hint).toContain(word);
    expect(told).toMatchObject({ code: 'build-failed', exitCode: 6, fault: { fault: 'silent' } });
  });

  it('is named where a second mirror is silent after the first', () => {
    const [first, second] = [failure([CURL], 'a'), failure([CURL], 'b')];
    expect(ofEngineNetwork(first, deadWays(first), true)).toBeNull();
    const told = ofEngineNetwork(second, [...deadWays(first), ...deadWays(second)], false);
    expect(told?.message).toMatch(/2 servers/u);
    // Nobody measured them.
    expect(told?.message).not.toMatch(/This machine reached/u);
  });

  it.each([
    ['the same mirror twice', [CURL], [CURL], 'a'],
    ['a mirror that refuses', [CURL], ['curl: (22) The requested URL returned error: 403'], 'b'],
    [
      'a mirror where nobody listens',
      [CURL],
      ['curl: (7) Failed to connect to b.example port 443: Connection refused'],
      'b',
    ],
  ])('is not: %s', (_, one, two, mirror) => {
    const [first, second] = [failure(one, 'a'), failure(two, mirror)];
    expect(ofEngineNetwork(second, [...deadWays(first), ...deadWays(second)], true)).toBeNull();
  });
});
