import type { MetPoint, Plan } from '../../../src/types.ts';

export function point(changes: Partial<MetPoint>): MetPoint {
  return {
    id: 'rootlesskit/git',
    file: 'hack/dockerfile/install/rootlesskit.installer',
    line: 12,
    netLines: [12],
    stage: 'rootlesskit',
    kind: 'git',
    url: 'https://github.com/rootless-containers/rootlesskit.git',
    host: 'github.com',
    inClosure: true,
    anchor: null,
    via: 'mirror',
    mirror: 'ghfast',
    reason: 'first of the profile',
    ...changes,
  };
}

export function plan(points: readonly MetPoint[], changes: Partial<Plan> = {}): Plan {
  const closure = points.filter((entry) => entry.inClosure);
  const covered = closure.filter((entry) => entry.via !== 'none').length;
  return {
    ref: 'v20.10.12',
    commit: '459d0dfbbb51fb2423a43655e6c62368ec0f36c9',
    series: '20.10',
    target: 'binary',
    platform: 'linux/arm64',
    profile: 'cn',
    points,
    totals: {
      all: points.length,
      closure: closure.length,
      covered,
      uncovered: closure.length - covered,
      unknown: 0,
      byKind: {},
    },
    patches: [],
    components: [],
    buildArgs: {},
    notes: [],
    after: new Map(),
    becomes: new Map(),
    ...changes,
  };
}
