import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BuildProgress, type BuildSummary, type ProgressEvent } from '../../../src/make/progress/progress.ts';

/** Feeds lines, 100 ms apart. */
function follow(text: string): { summary: BuildSummary; events: ProgressEvent[] } {
  const progress = new BuildProgress();
  const events = text.split('\n').flatMap((line, n) => progress.feed(line, n * 100));
  return { summary: progress.summary(), events };
}

/** As docker 20.10's built-in BuildKit prints it. */
const OLD = `mkdir -p autogen
docker build --build-arg=GO_VERSION -f "Dockerfile" --output=bundles/ --target=binary .
#1 [internal] load build definition from Dockerfile
#1 sha256:aaaa
#1 transferring dockerfile: 38B done
#1 DONE 0.1s

#2 resolve image config for mirror.example/docker/dockerfile:1.2
#2 sha256:bbbb
#2 DONE 1.5s

#5 [base 1/3] FROM mirror.example/library/golang:1.16.12-buster@sha256:cccc
#5 sha256:cccc
#5 resolve mirror.example/library/golang:1.16.12-buster@sha256:cccc done
#5 sha256:dddd 0B / 50.43MB 0.2s
#5 sha256:dddd 7.34MB / 50.43MB 0.9s
#5 sha256:eeee 10MB / 10MB 1.1s done
#5 ...

#6 [internal] load build context
#6 sha256:ffff
#6 transferring context: 12.30MB 0.4s done
#6 DONE 0.5s

#5 [base 1/3] FROM mirror.example/library/golang:1.16.12-buster@sha256:cccc
#5 sha256:dddd 50.43MB / 50.43MB 3.2s done
#5 extracting sha256:dddd
#5 extracting sha256:dddd 1.9s done
#5 DONE 7.5s

#8 [base 2/3] RUN echo one
#8 sha256:1111
#8 CACHED

#9 [tini 1/2] RUN apt-get update
#9 sha256:2222
#9 0.532 Get:1 http://mirror.example buster InRelease [122 kB]
#9 3.100 Fetched 8,580 kB in 2s (4,290 kB/s)
#9 4.000
#9 DONE 4.2s

#10 exporting to client
#10 sha256:3333
#10 copying files 12.30MB 1.0s
#10 DONE 1.1s
`;

/** As buildx prints it, with a failure. */
const NEW_FAILED = `#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 2.06kB done
#1 DONE 0.0s

#12 [linux/arm64 runc 1/1] RUN PREFIX=/build /tmp/install/install.sh runc
#12 0.101 Install runc version 52b36a2d
#12 0.202 Cloning into '/go/src/github.com/opencontainers/runc'...
#12 ...

#13 [containerd  2/12] RUN PREFIX=/build /tmp/install/install.sh containerd
#13 0.300 Cloning into '/go/src/github.com/containerd/containerd'...

#12 [linux/arm64 runc 1/1] RUN PREFIX=/build /tmp/install/install.sh runc
#12 10.21 fatal: unable to access 'https://github.com/opencontainers/runc.git/': Could not resolve host: github.com
#12 ERROR: process "/bin/sh -c PREFIX=/build /tmp/install/install.sh runc" did not complete successfully: exit code: 128

#13 [containerd  2/12] RUN PREFIX=/build /tmp/install/install.sh containerd
#13 CANCELED
------
 > [linux/arm64 runc 1/1] RUN PREFIX=/build /tmp/install/install.sh runc:
0.101 Install runc version 52b36a2d
10.21 fatal: unable to access 'https://github.com/opencontainers/runc.git/': Could not resolve host: github.com
10.30 only in the block
------
Dockerfile:217
--------------------
 216 |     ARG RUNC_BUILDTAGS
 217 | >>> RUN PREFIX=/build /tmp/install/install.sh runc
--------------------
ERROR: failed to solve: process "/bin/sh -c PREFIX=/build /tmp/install/install.sh runc" did not complete successfully: exit code: 128
make: *** [Makefile:179: binary] Error 1
`;

/** As `docker buildx bake` prints it under make, with a failure. */
const BAKED_FAILED = `docker buildx bake --set binary.platform=linux/arm64 binary
#0 building with "default" instance using docker driver

#1 [internal] load local bake definitions
#1 reading docker-bake.hcl 3.52kB / 3.52kB done
#1 DONE 0.0s

#2 [internal] load build definition from Dockerfile
#2 transferring dockerfile: 28.65kB 0.0s done
#2 DONE 0.1s

#12 [base 5/5] RUN apt-get update && apt-get install --no-install-recommends -y file
#12 CACHED

#18 [linux/amd64->arm64 build 5/6] RUN <<EOT (if [ "$(xx-info arch)" = "arm64" ]; then...)
#18 DONE 1.4s

#13 [gowinres 1/1] RUN --mount=type=cache,target=/go/pkg/mod GOBIN=/build/ GO111MODULE=on go install example.com/winres@v0.3.0
#13 0.9 go: example.com/winres@v0.3.0: Get "https://go.example/@v/v0.3.0.info": dial tcp: lookup go.example: no such host
#13 ERROR: process "/bin/sh -c go install" did not complete successfully: exit code: 1
------
 > [gowinres 1/1] RUN --mount=type=cache,target=/go/pkg/mod GOBIN=/build/ GO111MODULE=on go install example.com/winres@v0.3.0:
0.9 go: example.com/winres@v0.3.0: Get "https://go.example/@v/v0.3.0.info": dial tcp: lookup go.example: no such host
------
ERROR: target binary: failed to solve: process "/bin/sh -c go install" did not complete successfully: exit code: 1
make: *** [Makefile:159: binary] Error 1
`;

const OLD_FAILED = `#9 [base 3/3] RUN apt-get update && apt-get install -y nothing
#9 sha256:2222
#9 0.532 Err:1 http://debian.example/debian buster InRelease
#9 0.532   Temporary failure resolving 'debian.example'
#9 0.900 E: Unable to locate package nothing
#9 ERROR: executor failed running [/bin/sh -c apt-get update && apt-get install -y nothing]: exit code: 100

#11 [vpnkit-amd64 1/1] FROM docker.io/djs55/vpnkit:0.5.0
#11 sha256:8888
#11 ERROR: context canceled
------
 > [base 3/3] RUN apt-get update && apt-get install -y nothing:
#9 0.532 Err:1 http://debian.example/debian buster InRelease
------
executor failed running [/bin/sh -c apt-get update && apt-get install -y nothing]: exit code: 100
make: *** [Makefile:179: binary] Error 1`;

describe('BuildProgress', () => {
  it('follows docker 20.10: steps, caches, times, bytes', () => {
    const { summary } = follow(OLD);
    expect(summary.steps).toEqual([
      {
        name: '[internal] load build definition from Dockerfile',
        stage: null,
        seconds: 0.1,
        cached: false,
        failed: false,
      },
      {
        name: 'resolve image config for mirror.example/docker/dockerfile:1.2',
        stage: '(frontend)',
        seconds: 1.5,
        cached: false,
        failed: false,
      },
      {
        name: '[base 1/3] FROM mirror.example/library/golang:1.16.12-buster@sha256:cccc',
        stage: 'base',
        seconds: 7.5,
        cached: false,
        failed: false,
      },
      { name: '[internal] load build context', stage: null, seconds: 0.5, cached: false, failed: false },
      { name: '[base 2/3] RUN echo one', stage: 'base', seconds: null, cached: true, failed: false },
      { name: '[tini 1/2] RUN apt-get update', stage: 'tini', seconds: 4.2, cached: false, failed: false },
      { name: 'exporting to client', stage: null, seconds: 1.1, cached: false, failed: false },
    ]);
    expect(summary.downloadedBytes).toBe(50_430_000 + 10_000_000 + 8_580_000);
    expect(summary).toMatchObject({ running: 0, finished: 7, current: null, failed: null });
    expect(summary.outside[0]).toBe('mkdir -p autogen');
  });

  it('says which step runs, as the last that spoke', () => {
    const until = OLD.slice(0, OLD.indexOf('#5 ...'));
    expect(follow(until).summary).toMatchObject({ running: 1, current: { stage: 'base' } });
    const both = NEW_FAILED.slice(0, NEW_FAILED.indexOf('#12 10.21'));
    expect(follow(both).summary).toMatchObject({ running: 2, current: { stage: 'runc' } });
  });

  it('counts the time of the running step from its first line', () => {
    const progress = new BuildProgress();
    progress.feed('#1 [a 1/1] RUN x', 1_000);
    expect(progress.summary(4_500).current).toEqual({ name: '[a 1/1] RUN x', stage: 'a', seconds: 3.5, quiet: 3.5 });
    expect(progress.summary(4_500).seconds).toBe(3.5);
  });

  it('finds the failing step of buildx, not the ones that were stopped for it', () => {
    const { summary, events } = follow(NEW_FAILED);
    expect(summary.failed).toMatchObject({
      stage: 'runc',
      message: expect.stringContaining('exit code: 128') as string,
    });
    expect(summary.failed?.telling).toEqual([
      "fatal: unable to access 'https://github.com/opencontainers/runc.git/': Could not resolve host: github.com",
    ]);
    expect(summary.failed?.lines).toContain('only in the block');
    expect(summary.failed?.lines.filter((line) => line.startsWith('fatal'))).toHaveLength(1);
    expect(summary.steps.filter(({ failed }) => failed)).toHaveLength(1);
    expect(events.filter(({ type }) => type === 'canceled')).toHaveLength(1);
    expect(summary.outside).toContain('make: *** [Makefile:179: binary] Error 1');
    expect(summary.outside.join('\n')).not.toContain('>>> RUN');
    expect(summary.running).toBe(0);
  });

  it('follows bake: its own step, the platform in a name, the cause of a failure', () => {
    const { summary } = follow(BAKED_FAILED);
    expect(summary.steps.map(({ stage, failed }) => [stage, failed])).toEqual([
      [null, false],
      [null, false],
      ['base', false],
      ['build', false],
      ['gowinres', true],
    ]);
    expect(summary.failed?.telling).toEqual([
      'go: example.com/winres@v0.3.0: Get "https://go.example/@v/v0.3.0.info": dial tcp: lookup go.example: no such host',
    ]);
    expect(summary.outside.at(-2)).toContain('target binary: failed to solve');
    expect(summary.downloadedBytes).toBeNull();
  });

  it('finds the failing step of docker 20.10, with the cause among its lines', () => {
    const { summary } = follow(OLD_FAILED);
    expect(summary.failed).toMatchObject({ stage: 'base' });
    expect(summary.failed?.telling).toEqual([
      'Err:1 http://debian.example/debian buster InRelease',
      "  Temporary failure resolving 'debian.example'",
      'E: Unable to locate package nothing',
    ]);
    expect(summary.steps.map(({ failed }) => failed)).toEqual([true, false]);
  });

  it('keeps a cause that stands far before the end', () => {
    const noise = Array.from({ length: 500 }, (_, n) => `#1 ${String(n)}.1 line ${String(n)}`).join('\n');
    const { summary } = follow(`#1 [a 1/1] RUN x\n#1 0.1 fatal: the cause\n${noise}\n#1 ERROR: exit code: 1`);
    expect(summary.failed?.telling).toEqual(['fatal: the cause']);
    expect(summary.failed?.lines.length).toBeLessThan(100);
  });

  it.each([
    ['an unclosed block', '------\n > [a 1/1] RUN x:\nmake: *** [binary] Error 1', ['make: *** [binary] Error 1']],
    ['no BuildKit at all', "unknown flag: --output\nSee 'docker build --help'.\nmake: *** [binary] Error 125", 3],
    ['half a line', '#1 [a 1/1] RUN x\n#1 0.', 0],
    ['colours', '\u001b[31m#1 [a 1/1] RUN x\u001b[0m\n#1 DONE 0.1s', 0],
  ] as const)('survives %s', (_, text, outside) => {
    const got = follow(text).summary.outside;
    if (typeof outside === 'number') expect(got).toHaveLength(outside);
    else expect(got).toEqual(outside);
  });

  it('never throws and never invents a failure (property)', () => {
    const word = fc.constantFrom(
      '#1',
      '#2',
      '#0',
      '#x',
      '------',
      ' > [a 1/2] x:',
      'DONE 1.2s',
      'CACHED',
      '[a 1/2] RUN x',
      '0.5',
      'sha256:ab 1MB / 2MB',
      '...',
      '\u001b[1m',
      '\r',
      'make: x',
    );
    const line = fc.oneof(
      fc.array(word, { maxLength: 4 }).map((words) => words.join(' ')),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const { summary } = follow(lines.filter((text) => !text.includes('ERROR')).join('\n'));
        expect(summary.failed).toBeNull();
        expect(summary.finished + summary.running).toBe(summary.steps.length);
      }),
      { numRuns: 200, seed: 20101200 },
    );
  });
});
