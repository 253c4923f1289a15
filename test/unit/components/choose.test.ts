import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseComponents, componentArgs, type ComponentWishes } from '../../../src/components/choose.ts';
import { effectivePins } from '../../../src/components/effective-pins.ts';
import { requireBuilt } from '../../../src/components/require-built.ts';
import { parseCommandLine } from '../../../src/config/layers/parse.ts';
import { scan } from '../../../src/egress/scan.ts';
import { MobyBuildError } from '../../../src/errors.ts';
import { makePlan } from '../../../src/patching/plan.ts';
import type { Plan, Tree } from '../../../src/types.ts';
import { surroundings } from '../config/command-line-from.ts';
import { edited, lightTree, resolveWith } from '../mirrors/fixtures.ts';
import { RULES, treeAfterPlan } from '../patching/fixtures.ts';
import { SHAPES } from './shapes.ts';

type Shape = keyof typeof SHAPES;
const INSTALL = 'hack/dockerfile/install';
const FULL = 'd'.repeat(40);

let light: Tree;
beforeAll(async () => {
  light = await lightTree();
});

/** What the pipeline does, under mirrors in China. */
function planOf(tree: Tree, wishes: ComponentWishes, { target = 'binary', profile = 'cn', rules = RULES } = {}): Plan {
  const components = chooseComponents(tree, wishes, {});
  const scanOptions = { target, arch: 'arm64', buildArgs: componentArgs(components) };
  const found = scan(tree, scanOptions);
  requireBuilt(components, found);
  return makePlan({
    ...{ tree, scan: found, scanOptions, components, rules, resolutions: resolveWith(found, profile, {}) },
    ...{ ref: 'v20.10.12', commit: null, series: '20.10', profile },
  });
}

describe('an empty build argument in place of a version', () => {
  const pinOf = (shape: Shape, target: string, buildArgs: Readonly<Record<string, string>>) => {
    const tree = SHAPES[shape];
    return effectivePins(tree, scan(tree, { target, arch: 'arm64', buildArgs }), [], buildArgs).map(({ pin }) => pin);
  };

  it('is refused where it takes the default of an ARG away', () => {
    expect(() => pinOf('a shallow fetch', 'all', { CONTAINERD_VERSION: '' })).toThrow(
      expect.objectContaining({ code: 'version-empty', exitCode: 2, message: expect.stringContaining('Dockerfile:4') }),
    );
    expect(pinOf('a shallow fetch', 'all', { CONTAINERD_VERSION: 'v1.7.1' })).toEqual(['v1.7.1']);
  });

  it('is none to an installer, whose default stands', () => {
    expect(pinOf('a tag in an installer', 'tini', { TINI_VERSION: '' })).toEqual(['v0.19.0']);
  });
});

describe('which versions a tree can fetch', () => {
  it.each<[Shape, ComponentWishes, RegExp | null]>([
    ['a commit in an installer', { runc: 'v1.1.12' }, null],
    ['a commit in an installer', { runc: 'abc1234' }, null],
    ['a commit in an installer', { runc: 'release-1.1' }, null],
    ['a tag in an installer', { tini: FULL }, null],
    ['go install', { rootlesskit: FULL }, null],
    ['go install', { rootlesskit: 'v1.1.1' }, null],
    ['go install', { rootlesskit: 'v2.0.0' }, /rootlesskit\.installer:4 .* versions up to v1 only/],
    ['go install', { rootlesskit: 'feature/x' }, /have no slash/],
    ['a shallow fetch', { containerd: 'release/1.7' }, null],
    ['a shallow fetch', { containerd: FULL }, null],
    ['a shallow fetch', { containerd: 'abc1234' }, /Dockerfile:5 .* no short ids/],
    ['an ADD by ref', { runc: 'v1.4.4' }, null],
    ['an ADD by ref', { runc: 'abc1234' }, /Dockerfile:4 .* no short ids/],
    ['an ADD by commit', { runc: FULL }, null],
    ['an ADD by commit', { runc: 'v1.4.4' }, /Dockerfile:4 is an ADD by commit/],
    ['a global ARG, cloned by branch in a heredoc', { runc: 'v1.2.1' }, null],
    ['a global ARG, cloned by branch in a heredoc', { runc: FULL }, /takes no commit ids/],
  ])('%s: %j', (shape, wishes, refusal) => {
    const choose = () => chooseComponents(SHAPES[shape], wishes, {});
    if (refusal === null) expect(choose()).toHaveLength(1);
    else
      expect(choose).toThrow(
        expect.objectContaining({
          code: 'version-not-usable',
          exitCode: 2,
          message: expect.stringMatching(refusal) as string,
        }),
      );
  });

  it('refuses a component that the tree does not have, with those that it has', () => {
    expect(() => chooseComponents(SHAPES['a shallow fetch'], { libnetwork: 'v1' }, {})).toThrow(
      expect.objectContaining({
        code: 'no-such-component',
        exitCode: 4,
        hint: expect.stringContaining('It pins containerd.') as string,
      }),
    );
  });

  it('refuses one that the target does not reach, and says where it is', () => {
    const tree = SHAPES['a shallow fetch'];
    const choices = chooseComponents(tree, { containerd: 'v1.7.29' }, {});
    const of = (target: string) => scan(tree, { target, arch: 'amd64' });
    expect(() => {
      requireBuilt(choices, of('binary'));
    }).toThrow(
      expect.objectContaining({
        code: 'component-outside',
        exitCode: 2,
        hint: expect.stringMatching(/stage containerd-src.* --with-deps builds it too/) as string,
      }),
    );
    expect(() => {
      requireBuilt(choices, of('all'));
    }).not.toThrow();
    expect(effectivePins(tree, of('binary'), choices, {})).toEqual([]);
    expect(effectivePins(tree, of('all'), choices, {})).toMatchObject([
      { pin: 'v1.7.29', treePin: 'v1.7.28', from: 'build-arg', asked: true },
    ]);
  });

  it('takes the same version twice, and refuses two', () => {
    const tree = SHAPES['a commit in an installer'];
    expect(chooseComponents(tree, { runc: 'v1.1.12' }, { RUNC_COMMIT: 'v1.1.12' })).toHaveLength(1);
    expect(() => chooseComponents(tree, { runc: 'v1.1.12' }, { RUNC_COMMIT: 'v1.1.13' })).toThrow(
      expect.objectContaining({ code: 'component-twice', exitCode: 2 }),
    );
  });
});

describe('how a tree is brought to another version', () => {
  it('by the build argument that its stage takes; the tree stays', () => {
    const plan = planOf(light, { runc: 'v1.1.12', containerd: FULL });
    expect(plan.buildArgs).toEqual({ CONTAINERD_COMMIT: FULL, RUNC_COMMIT: 'v1.1.12' });
    expect(plan.patches.map(({ name }) => name).join()).not.toContain('components');
  });

  it('by an edit where no stage takes one; the comment that names the old tag goes', () => {
    const tree = edited(light, 'Dockerfile', [['ARG RUNC_COMMIT\n', '']]);
    const plan = planOf(tree, { runc: 'v1.1.12' });
    expect(plan.buildArgs).toEqual({});
    expect(plan.patches.at(-1)).toMatchObject({ subject: 'Build other versions of components' });
    const after = treeAfterPlan(tree, plan).get(`${INSTALL}/runc.installer`)?.text;
    expect(after?.split('\n')[2]).toBe(': ${RUNC_COMMIT:=v1.1.12}');
    expect(effectivePins(tree, scan(tree, { target: 'binary', arch: 'arm64' }), plan.components, {})).toContainEqual(
      expect.objectContaining({ component: 'runc', pin: 'v1.1.12', from: 'edit', note: null }),
    );
  });

  it('by an edit where another script reads the pin too: up to 20.10.12 dockerd is stamped with the commit of tini', () => {
    const stamp = {
      text: 'source hack/dockerfile/install/tini.installer\nLDFLAGS="-X a.InitCommitID=${TINI_COMMIT}"\n',
      mode: '100644' as const,
    };
    const tree = new Map([...light, ['hack/make/.go-autogen', stamp]]);
    const plan = planOf(tree, { tini: FULL, runc: FULL });
    expect(plan.buildArgs).toEqual({ RUNC_COMMIT: FULL });
    expect(plan.after.get(`${INSTALL}/tini.installer`)?.text).toContain(`: \${TINI_COMMIT:=${FULL}}\n`);
  });

  it('by an edit whose version is part of what the go command loads', () => {
    const tree = new Map([
      ...light,
      [
        `${INSTALL}/rootlesskit.installer`,
        {
          text:
            (SHAPES['go install'].get(`${INSTALL}/rootlesskit.installer`)?.text ?? '') +
            'install_rootlesskit() { _install_rootlesskit; }\n',
          mode: '100755' as const,
        },
      ],
    ]);
    const plan = planOf(tree, { rootlesskit: 'v0.14.5' });
    expect(plan.after.get(`${INSTALL}/rootlesskit.installer`)?.text).toContain(':=v0.14.5}"\n');
  });

  it('needs no patch for the version that is there', () => {
    const pin = /TINI_COMMIT:=(\w+)/.exec(light.get(`${INSTALL}/tini.installer`)?.text ?? '')?.[1] ?? '';
    const tree = edited(light, 'Dockerfile', [['ARG TINI_COMMIT\n', '']]);
    expect(planOf(tree, { tini: pin }).patches.map(({ subject }) => subject)).not.toContain(
      'Build other versions of components',
    );
  });
});

describe('a hostile version', () => {
  const nasty = fc.stringMatching(/^[$(){}`"'\\&;|<> \t\n#?%*@:=,+~^!./_v1abE\u0000\u202eé-]{1,12}$/);

  it('is refused with exit 2, or stands in the tree as one plain word', async () => {
    const tree = SHAPES['no ARG'];
    const installer = `${INSTALL}/proxy.installer`;
    const seen = { taken: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.oneof(nasty, fc.stringMatching(/^v\d\.[\w./-]{1,8}$/)), async (value) => {
        let version: string | undefined;
        try {
          const line = await parseCommandLine(['patch', `--component=libnetwork=${value}`], surroundings());
          version = line.options.components.libnetwork;
        } catch (error) {
          if (!(error instanceof MobyBuildError)) throw error;
          expect(error.exitCode).toBe(2);
          seen.refused += 1;
          return;
        }
        seen.taken += 1;
        expect(version).toBe(value);
        expect(value).toMatch(/^[\w./-]+$/);
        const { after } = planOf(tree, { libnetwork: value }, { target: 'proxy', profile: 'direct' });
        expect(after.get(installer)?.text).toBe(tree.get(installer)?.text.replace('c'.repeat(40), value));
      }),
      { seed: 20105, numRuns: 60 },
    );
    expect(Math.min(seen.taken, seen.refused), JSON.stringify(seen)).toBeGreaterThan(5);
  });

  it.each([
    ['runc=1.1.12', 'did you mean v1.1.12?'],
    ['runc=$(id)', 'must be a tag, a branch or a commit id'],
    ['runc=a+b', 'must be a tag, a branch or a commit id'],
    ['runc=-x', 'must be'],
    ['runc=a..b', 'must be a git ref'],
    ['runc=', '--component runc needs a value'],
    ['runk=v1', '--component runk is none of containerd, runc, tini, rootlesskit, libnetwork, xx; did you mean runc?'],
    ['dockerd=v1', '--component dockerd is none of'],
  ])('%s', async (value, message) => {
    await expect(parseCommandLine(['patch', '--component', value], surroundings())).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message) as string,
    });
  });

  it('a full id is taken in lower case', async () => {
    const line = await parseCommandLine(['--component', `runc=${'AB'.repeat(20)}`], surroundings());
    expect(line.options.components).toEqual({ runc: 'ab'.repeat(20) });
  });
});
