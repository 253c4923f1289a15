import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT, MobyBuildError } from '../../../src/errors.ts';
import { disagreements } from '../../../src/patching/prove.ts';
import type { Tree } from '../../../src/types.ts';
import { edited, lightTree, resolveWith, scanOf } from '../mirrors/fixtures.ts';
import { planFor, RULES, treeAfterPlan } from './fixtures.ts';

const INSTALL = 'hack/dockerfile/install';
let tree: Tree;
let after: Tree;
beforeAll(async () => {
  tree = await lightTree();
  after = treeAfterPlan(tree, planFor(tree, 'cn'));
});

/** What a fresh scan of `changed` says against the decisions of profile cn. */
function told(changed: Tree): readonly string[] {
  const scan = scanOf(tree);
  return disagreements(scanOf(changed), scan, resolveWith(scan, 'cn'));
}

describe('the proof', () => {
  it('is silent about the plan', () => {
    expect(told(after)).toEqual([]);
  });

  it.each<[string, string, [string, string][], RegExp]>([
    [
      'a clone left',
      `${INSTALL}/runc.installer`,
      [['https://ghfast.top/', '']],
      /^runc\/git .* should be https:\/\/ghfast\.top\/.*runc\.git, but there is https:\/\/github\.com/,
    ],
    ['another mirror', `${INSTALL}/tini.installer`, [['ghfast.top', 'evil.example']], /^tini\/git .*evil\.example/],
    [
      'an image left',
      'Dockerfile',
      [['docker.m.daocloud.io/library/golang', 'golang']],
      /^base\/image .*docker\.io\/library\/golang/,
    ],
    [
      'the sources not brought in',
      'Dockerfile',
      [['ADD sources.list /etc/apt/sources.list\n', '']],
      /^runtime-dev-cross-false\/apt .*debian-archive\/debian/m,
    ],
    [
      'backports left',
      'Dockerfile',
      [["echo 'deb mirror+file:/etc/apt/moby-build-debian.mirrors", "echo 'deb http://other.example/debian"]],
      /apt-source .*other\.example/,
    ],
    [
      'one more host in a list',
      'debian.mirrors',
      [['\tpriority:1\n', '\tpriority:1\nhttp://evil.example/debian\tpriority:9\n']],
      /apt-source .*evil\.example(?:.*\n)+containerd\/apt .*evil\.example|containerd\/apt .*evil\.example(?:.*\n)+.*apt-source .*evil\.example/,
    ],
    [
      'another order of a list',
      'debian.mirrors',
      [['priority:1', 'priority:9']],
      /^containerd\/apt .*several hosts: mirrors\.tencent\.com/m,
    ],
    [
      'a list without its first mirror',
      'debian.mirrors',
      [['http://mirrors.aliyun.com/debian-archive/debian\tpriority:1\n', '']],
      /^containerd\/apt /m,
    ],
    ['a frontend', 'Dockerfile', [['ARG CROSS=', '# x\nARG CROSS=']], /^$/],
    [
      'the proxy overridden',
      `${INSTALL}/rootlesskit.installer`,
      [['\tfor f in', '\texport GOPROXY=https://other.example\n\tfor f in']],
      /^rootlesskit\/gomod .*other\.example/m,
    ],
    [
      'something new',
      `${INSTALL}/tini.installer`,
      [['\tcmake .', '\tcurl -O https://new.example/x\n\tcmake .']],
      /^tini\/http \(https:\/\/new\.example\/x\) is new/,
    ],
  ])('tells of %s', (_, path, replacements, words) => {
    expect(told(edited(after, path, replacements)).join('\n')).toMatch(words);
  });

  it('tells of sources that the image has of its own beside ours', () => {
    const moved = treeAfterPlan(tree, planFor(tree, 'cn', { suite: 'bookworm' }));
    const scan = scanOf(tree);
    const resolutions = resolveWith(scan, 'cn', { suite: 'bookworm' });
    const say = (changed: Tree): string => disagreements(scanOf(changed), scan, resolutions).join('\n');
    expect(say(moved)).toBe('');
    const kept = edited(moved, 'Dockerfile', [['RUN rm -f /etc/apt/sources.list.d/debian.sources\n', '']]);
    expect(say(kept)).toMatch(/^containerd\/apt /m);
  });

  it('tells of a frontend that came back', () => {
    const file = after.get('Dockerfile');
    const text = `# syntax=docker/dockerfile:1\n${file?.text ?? ''}`;
    expect(told(new Map([...after, ['Dockerfile', { text, mode: '100644' }]]))).toEqual([
      expect.stringContaining('(frontend)/frontend'),
    ]);
  });

  it.each(RULES.concerns.map(({ concern }) => concern))(
    'stops a plan without the rules for %s, or they have nothing to do',
    (concern) => {
      const rules = { ...RULES, concerns: RULES.concerns.filter((item) => item.concern !== concern) };
      const idle = !planFor(tree, 'cn').patches.some(({ name }) =>
        name.endsWith(`${RULES.concerns.find((item) => item.concern === concern)?.slug ?? ''}.patch`),
      );
      let code: unknown = null;
      try {
        planFor(tree, 'cn', {}, { rules });
      } catch (error) {
        if (!(error instanceof MobyBuildError)) throw error;
        expect(error.exitCode).toBe(EXIT.tree);
        code = error.code;
      }
      expect(code).toBe(idle ? null : 'proof-failed');
    },
  );

  it('stops a plan for a tree that no rule acts on', () => {
    const rules = { ...RULES, concerns: RULES.concerns.map((concern) => ({ ...concern, rules: [] })) };
    expect(planFor(tree, 'cn').totals.uncovered).toBe(0);
    expect(() => planFor(tree, 'cn', {}, { rules })).toThrow(/does not reach out as planned/);
  });
});
