import { describe, expect, it } from 'vitest';
import { BuildProgress } from '../../../src/make/progress/progress.ts';
import { findStall } from '../../../src/make/progress/stall.ts';
import type { MetPoint } from '../../../src/types.ts';

/** A point of a module proxy in stage build, which compiles too. */
const POINT: MetPoint = {
  id: 'build/gomod',
  file: 'Dockerfile',
  line: 9,
  netLines: [9],
  stage: 'build',
  kind: 'gomod',
  url: '<go default>',
  host: '<go default>',
  inClosure: true,
  anchor: null,
  via: 'mirror',
  mirror: 'goproxy.cn',
  reason: '',
};

/** A build whose one running step said a line at 0 ms and nothing since. */
function waiting(command: string, line: string): BuildProgress {
  const progress = new BuildProgress();
  progress.feed(`#7 [build 2/9] RUN ${command}`, 0);
  progress.feed(`#7 0.100 ${line}`, 0);
  return progress;
}

const find = (progress: BuildProgress, more: { stallMs?: number; points?: readonly MetPoint[] } = {}, atMs = 60_000) =>
  findStall(progress, atMs, { stallMs: 30_000, points: [POINT], ...more });

describe('a step that says nothing', () => {
  const download = (): BuildProgress =>
    waiting('go install example.org/x@v1.0.0', 'go: downloading example.org/x v1.0.0');

  it('is stalled when it asks a mirror and the time is over', () => {
    expect(find(download())).toMatchObject({
      silent: { silentMs: 60_000 },
      blame: { point: { mirror: 'goproxy.cn' } },
    });
    expect(find(download(), {}, 29_000)).toBeNull();
  });

  it('is stalled too when it has said nothing at all, or what says nothing', () => {
    const silent = new BuildProgress();
    silent.feed('#7 [build 2/9] RUN /tmp/install.sh tool', 0);
    expect(find(silent)).toMatchObject({ blame: { point: { id: 'build/gomod' } } });
    expect(find(waiting('/tmp/install.sh tool', 'Install tool version 1'))).not.toBeNull();
  });

  it('is not, where 0 was said, where nothing is reached for, and where it is met on this machine', () => {
    expect(find(download(), { stallMs: 0 })).toBeNull();
    expect(find(download(), { points: [] })).toBeNull();
    expect(find(download(), { points: [{ ...POINT, via: 'host' }] })).toBeNull();
  });

  it('is not, where it compiles moby, whatever its stage reaches for', () => {
    expect(find(waiting('hack/make.sh binary', 'go: downloading example.org/x v1.0.0'))).toBeNull();
  });
});
