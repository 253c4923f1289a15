import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/patching/plan.ts';
import type { ResolveInput } from '../../../src/mirrors/resolve/resolve-tree.ts';
import type { Plan, Tree } from '../../../src/types.ts';
import { treeOf } from '../egress/tree.ts';
import { lightTree, resolveWith, scanOf } from '../mirrors/fixtures.ts';
import { RULES, treeAfterPlan } from './fixtures.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const ADD = 'ADD hack/dockerfile/moby-build-ca.pem /usr/local/share/ca-certificates/moby-build.pem';
let light: Tree;
beforeAll(async () => {
  light = await lightTree();
});

function planWith(tree: Tree, certificates: string | null, flags: Partial<ResolveInput> = {}, profile = 'cn'): Plan {
  const scan = scanOf(tree);
  const resolutions = resolveWith(scan, profile, flags);
  return makePlan({
    tree,
    scan,
    scanOptions: { target: 'binary', arch: 'arm64' },
    resolutions,
    rules: RULES,
    certificates,
    ref: 'v20.10.12',
    commit: null,
    series: '20.10',
    profile,
  });
}

/** The instructions of a stage, from its FROM on. */
function stage(tree: Tree, name: string): string {
  const text = tree.get('Dockerfile')?.text ?? '';
  return new RegExp(`^FROM \\S+ AS ${name}\\n(?:(?!FROM ).*\\n)*`, 'mu').exec(text)?.[0] ?? '';
}

describe('certificates of --ca', () => {
  it('stand in stage base, before its settings, and nowhere else that the target needs', () => {
    const after = treeAfterPlan(light, planWith(light, PEM));
    expect(after.get('hack/dockerfile/moby-build-ca.pem')?.text).toBe(PEM);
    const base = stage(after, 'base');
    expect(base).toContain(`${ADD}\nRUN awk `);
    expect(base.indexOf('update-ca-certificates')).toBeLessThan(base.indexOf('ENV GO111MODULE=off'));
    expect(after.get('Dockerfile')?.text.split(ADD)).toHaveLength(2);
  });

  it('are not in the tree without the option', () => {
    const plan = planWith(light, null);
    expect([...plan.after.keys()]).not.toContain('hack/dockerfile/moby-build-ca.pem');
    expect(plan.patches.map(({ name }) => name).join()).not.toContain('certificates');
  });

  it('reach a stage on a plain Debian as well, when that is rewritten', () => {
    const after = treeAfterPlan(light, planWith(light, PEM, { all: true }));
    expect(stage(after, 'frozen-images')).toMatch(/^FROM .*\n(?:ADD|RUN awk).*\n/u);
    expect(after.get('Dockerfile')?.text.split(ADD)).toHaveLength(3);
  });

  it('reach a stage of the closure that does not stand on base, and no scratch stage', () => {
    const tree = treeOf({
      Dockerfile: `FROM golang:1.20.13-bookworm AS base
RUN apt-get update

FROM debian:bookworm AS tool
RUN git clone https://github.com/a/tool.git /tool

FROM scratch AS data
ADD https://github.com/a/data/archive/v1.tar.gz /

FROM base AS binary
COPY --from=tool /tool /tool
COPY --from=data / /data
`,
    });
    const after = treeAfterPlan(tree, planWith(tree, PEM, {}, 'upstream'));
    expect(stage(after, 'base').indexOf(ADD)).toBeGreaterThan(0);
    expect(stage(after, 'tool')).toMatch(/^FROM .*\nADD hack.*\nRUN awk .*\nRUN git clone/u);
    expect(stage(after, 'data')).not.toContain(ADD);
  });

  it('are known again, and brought up to date when they are others', () => {
    const first = treeAfterPlan(light, planWith(light, PEM));
    expect(planWith(first, PEM).patches).toEqual([]);
    const other = PEM.replace('AAAA', 'BBBB');
    const second = planWith(first, other);
    expect([...second.after.keys()]).toEqual(['hack/dockerfile/moby-build-ca.pem']);
    expect(second.after.get('hack/dockerfile/moby-build-ca.pem')?.text).toBe(other);
  });

  it('never stand in place of a file that the tree has itself', () => {
    const tree = new Map([...light, ['hack/dockerfile/moby-build-ca.pem', { text: 'own', mode: '100644' }]]) as Tree;
    expect(() => planWith(tree, PEM)).toThrow(expect.objectContaining({ code: 'rule-mismatch', exitCode: 4 }));
  });
});
