import { beforeAll, describe, expect, it } from 'vitest';
import type { MirrorOverride } from '../../../src/mirrors/catalogue/template.ts';
import { makePlan } from '../../../src/patching/plan.ts';
import type { EgressKind, MetPoint, Plan, Tree } from '../../../src/types.ts';
import { treeOf } from '../egress/tree.ts';
import { edited, lightTree, resolveWith, scanOf } from '../mirrors/fixtures.ts';
import { changedLines, planFor, RULES, treeAfterPlan } from './fixtures.ts';

const SCRIPT = 'contrib/download-frozen-image-v2.sh';
let light: Tree;
beforeAll(async () => {
  light = await lightTree();
});

/** A tree of 23.0 or newer with the stage crun, whose autogen.sh pulls submodules. */
function crunTree(fetch: string, image = 'golang:1.26.5-bookworm'): Tree {
  const text = `FROM ${image} AS base\nRUN apt-get update\n\nFROM base AS crun\nARG CRUN_VERSION=1.21\n${fetch}\n\nFROM base AS binary\n`;
  return treeOf({ Dockerfile: text });
}
const CLONED =
  'RUN git clone https://github.com/containers/crun.git /tmp/crun-build && cd /tmp/crun-build && ./autogen.sh';
const ADDED =
  'WORKDIR /tmp/crun-build\nADD https://github.com/containers/crun.git?ref=${CRUN_VERSION}&keep-git-dir=1 .\nRUN ./autogen.sh';

function planAll(tree: Tree, overrides: readonly MirrorOverride[] = [], profile = 'cn'): Plan {
  return planFor(tree, profile, { all: true, overrides });
}

function met(plan: Plan, kind: EgressKind, stage?: string): string[] {
  const fits = (point: MetPoint) => point.kind === kind && (stage === undefined || point.stage === stage);
  return plan.points.filter(fits).map(({ via, reason }) => (via === 'none' ? `none: ${reason}` : via));
}

/** What a second plan changes in the tree of the first: nothing, when the first is known again. */
function again(tree: Tree, plan: Plan, overrides: readonly MirrorOverride[] = []): number {
  return planAll(treeAfterPlan(tree, plan), overrides).patches.length;
}

describe('submodules that a script of the component pulls', () => {
  it('come from the mirror, for git is told so in their stage', () => {
    const tree = crunTree(CLONED);
    const plan = planAll(tree);
    expect(new Set(met(plan, 'git'))).toEqual(new Set(['mirror']));
    expect(plan.points.filter(({ kind }) => kind === 'git')).toHaveLength(5);
    const lines = changedLines(tree, plan).Dockerfile ?? [];
    expect(lines).toContain(
      '+RUN git config --system url.https://ghfast.top/https://github.com/.insteadOf https://github.com/',
    );
    const text = treeAfterPlan(tree, plan).get('Dockerfile')?.text ?? '';
    expect(text.indexOf('RUN git config')).toBeGreaterThan(text.indexOf('AS crun'));
    expect(again(tree, plan)).toBe(0);
  });

  it('are left to git by an ADD, whose engine heeds no settings', () => {
    const tree = crunTree(ADDED);
    const plan = planAll(tree);
    const lines = changedLines(tree, plan).Dockerfile ?? [];
    expect(lines.find((line) => line.startsWith('+ADD https://'))).toMatch(
      /crun\.git\?ref=\$\{CRUN_VERSION\}&keep-git-dir=1&submodules=false \.$/u,
    );
    expect(again(tree, plan)).toBe(0);
  });

  it('are left where a mirror puts .git behind every name, for some of them have none; an ADD keeps its pin', () => {
    const tree = crunTree(ADDED);
    const flat: MirrorOverride[] = [{ kind: 'git', value: 'https://git.corp/m/{owner}/{repo}.git' }];
    const plan = planAll(tree, flat);
    expect(changedLines(tree, plan).Dockerfile).toContain(
      '+ADD https://git.corp/m/containers/crun.git?ref=${CRUN_VERSION}&keep-git-dir=1 .',
    );
    expect(met(plan, 'git').map((each) => each.slice(0, 15))).toEqual([
      'mirror',
      ...Array.from({ length: 4 }, () => 'none: no mirror'),
    ]);
    expect(again(tree, plan, flat)).toBe(0);
  });

  it('never lets an ADD lose its pin, whatever was decided', () => {
    const tree = crunTree(ADDED);
    const scan = scanOf(tree);
    const resolutions = resolveWith(scan, 'cn', { all: true });
    const points = resolutions.points.map((point) =>
      point.to?.includes('crun.git?') === true ? { ...point, to: 'https://git.corp/containers/crun.git' } : point,
    );
    const input = { tree, scan, scanOptions: { target: 'binary', arch: 'arm64' }, rules: RULES };
    const about = { ref: 'v29.4.1', commit: null, series: '29', profile: 'cn' };
    expect(() => makePlan({ ...input, ...about, resolutions: { ...resolutions, points } })).toThrow(
      'an address with ?ref=${CRUN_VERSION}&keep-git-dir=1 at its end',
    );
  });

  it('are left, and the ADD too, where a mirror makes an address without .git', () => {
    const bare: MirrorOverride[] = [{ kind: 'git', value: 'https://git.corp/{owner}/{repo}' }];
    expect(met(planAll(crunTree(ADDED), bare), 'git')[0]).toMatch(/^none: flag makes no address that ends in \.git/u);
  });

  it('follow another mirror when the tree is rewritten again', () => {
    const tree = crunTree(CLONED);
    const other: MirrorOverride[] = [{ kind: 'git', value: 'https://git.corp/mirror/{path}' }];
    const text = treeAfterPlan(tree, planAll(treeAfterPlan(tree, planAll(tree)), other)).get('Dockerfile')?.text ?? '';
    expect(text.match(/^RUN git config .*$/gmu)).toEqual([
      'RUN git config --system url.https://git.corp/mirror/.insteadOf https://github.com/',
    ]);
  });

  it('stay as they are where the mirror changes paths, and outside the closure unless asked for', () => {
    const flat: MirrorOverride[] = [{ kind: 'git', value: 'https://git.corp/{repo}.git' }];
    expect(met(planAll(crunTree(CLONED), flat), 'git').slice(1)).toEqual(
      Array.from(
        { length: 4 },
        () => 'none: no mirror of the profile can stand for all of github.com, paths unchanged',
      ),
    );
    expect(
      planFor(crunTree(CLONED), 'cn')
        .patches.map(({ name }) => name)
        .join(),
    ).not.toContain('git');
    expect(new Set(met(planAll(crunTree(CLONED), [], 'upstream'), 'git'))).toEqual(new Set(['upstream']));
  });
});

describe('go get without modules', () => {
  const get = (path: string): Tree => crunTree(`RUN cd /go && go get -d ${path}`, 'golang:1.12.5');
  it('clones from the mirror, where the import path is a place of GitHub’s', () => {
    const tree = get('github.com/alecthomas/gometalinter');
    const plan = planAll(tree);
    expect(met(plan, 'gomod')).toEqual(['mirror']);
    expect(again(tree, plan)).toBe(0);
  });

  it('asks any other host itself, which nobody can stand for', () => {
    expect(met(planAll(get('gotest.tools/gotestsum')), 'gomod')).toEqual([
      'none: go get asks gotest.tools itself where the repository is, whatever GOPROXY says',
    ]);
  });

  it('stands on stretch where the image of Go 1.12.5 names no release', () => {
    const plan = planAll(get('github.com/alecthomas/gometalinter'));
    expect(treeAfterPlan(light, plan).get('sources.list')?.text).toContain('/debian stretch main');
    expect(() => planAll(crunTree('', 'golang:1.12.7'))).toThrow('Debian release of stage base is not known');
  });
});

describe('the frozen images', () => {
  it('come from the first mirror that has all of them, and so do the packages of their stage', () => {
    const plan = planAll(light);
    expect(met(plan, 'frozen-image')).toEqual(['mirror', 'mirror']);
    expect(met(plan, 'apt', 'frozen-images')).toEqual(['mirror']);
    const lines = changedLines(light, plan);
    expect(lines[SCRIPT]).toContain("+registryBase='https://docker.1ms.run'");
    expect(lines[SCRIPT]?.some((line) => line.includes('$authBase') && line.startsWith('+'))).toBe(false);
    const text = treeAfterPlan(light, plan).get('Dockerfile')?.text ?? '';
    const stage = text.slice(text.indexOf('AS frozen-images'));
    expect(stage.indexOf('ADD sources.list /etc/apt/sources.list')).toBeLessThan(stage.indexOf('apt-get update'));
    expect(again(light, plan)).toBe(0);
  });

  it('are left where a mirror keeps images below a path, or the profile has none', () => {
    const below: MirrorOverride[] = [{ kind: 'image', value: 'harbor.corp/hub/{image}' }];
    const reason = 'flag keeps images below a path, where the script does not look';
    expect(met(planAll(light, below), 'frozen-image')).toEqual([`none: ${reason}`, `none: ${reason}`]);
    expect(met(planAll(light, [], '163'), 'frozen-image')[0]).toBe('none: the recipe leaves it');
    expect(met(planAll(light, [], 'upstream'), 'frozen-image')[0]).toBe('upstream');
  });

  it('go back to Docker Hub by the same script', () => {
    const back = planAll(treeAfterPlan(light, planAll(light)), [], 'upstream');
    expect(changedLines(treeAfterPlan(light, planAll(light)), back)[SCRIPT]).toEqual([
      "-registryBase='https://docker.1ms.run'",
      "+registryBase='https://registry-1.docker.io'",
    ]);
  });

  it('have a stage without certificates, so an https mirror cannot serve its packages', () => {
    const secure: MirrorOverride[] = [{ kind: 'apt', value: 'https://apt.corp' }];
    expect(met(planAll(light, secure), 'apt', 'frozen-images')[0]).toMatch(/^none: stage frozen-images has no cert/u);
  });

  it('in a script that asks for its tokens in another way are a mismatch, not half a rewrite', () => {
    const other = edited(light, SCRIPT, [['| jq --raw-output .token', '| jq .token']]);
    expect(() => planAll(other)).toThrow(/frozen-token-asked/u);
  });
});

describe('pip', () => {
  const own: MirrorOverride[] = [{ kind: 'pip', value: 'https://pip.corp/simple/' }];
  it('asks the index that is given, and no mirror is known else', () => {
    const plan = planAll(light, own);
    expect(met(plan, 'pip')).toEqual(['mirror']);
    expect(changedLines(light, plan).Dockerfile).toContain('+ENV PIP_INDEX_URL=https://pip.corp/simple');
    expect(again(light, plan, own)).toBe(0);
    expect(met(planAll(light), 'pip')).toEqual(['none: no mirror is known for pip; --mirror pip=URL gives one']);
  });
});
