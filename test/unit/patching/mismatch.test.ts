import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/errors.ts';
import type { ResolveInput } from '../../../src/mirrors/resolve/resolve-tree.ts';
import type { Tree } from '../../../src/types.ts';
import { failureOf } from '../../support/failure.ts';
import { edited, lightTree } from '../mirrors/fixtures.ts';
import { planFor, treeAfterPlan } from './fixtures.ts';

const INSTALL = 'hack/dockerfile/install';
let tree: Tree;
beforeAll(async () => {
  tree = await lightTree();
});

describe('a tree that does not fit', () => {
  it.each<[string, string, [string, string][], Partial<ResolveInput>, string, RegExp]>([
    [
      'no place for the settings of base',
      'Dockerfile',
      [
        ['ENV GO111MODULE=off\n', ''],
        ['ARG APT_MIRROR\n', ''],
      ],
      {},
      'apt-mirrors-add',
      /one.*but has 0/,
    ],
    [
      'two of them',
      'Dockerfile',
      [['ENV GO111MODULE=off\n', 'ENV GO111MODULE=off\nENV GO111MODULE=off\n']],
      {},
      'apt-mirrors-add',
      /but has 2/,
    ],
    [
      'a source added together with more',
      'Dockerfile',
      [["RUN echo 'deb", "RUN true && echo 'deb"]],
      { suite: 'bookworm' },
      'suite-backports-source',
      /another one/,
    ],
    [
      'no pins',
      'Dockerfile',
      [
        ['/buster-backports \\', ' \\'],
        [':arm64/buster-backports', ':arm64'],
      ],
      { suite: 'bookworm' },
      'suite-backports-pins',
      /none/,
    ],
    [
      'no BASE_DEBIAN_DISTRO',
      'Dockerfile',
      [
        ['ARG BASE_DEBIAN_DISTRO="buster"\n', ''],
        ['${BASE_DEBIAN_DISTRO}', 'buster'],
      ],
      { suite: 'bookworm' },
      'suite-arg',
      /none/,
    ],
    [
      'one COPY of vpnkit',
      'Dockerfile',
      [['COPY --from=vpnkit-amd64 /vpnkit /build/vpnkit.x86_64\n', '']],
      { without: ['vpnkit'] },
      'vpnkit-copies',
      /2 places, but has 1/,
    ],
  ])('%s is exit 4 and names rule and file', (_, path, replacements, flags, rule, seen) => {
    const error = failureOf(() => planFor(edited(tree, path, replacements), 'cn', flags));
    expect([error.code, error.exitCode]).toEqual(['rule-mismatch', EXIT.tree]);
    expect(error.message).toContain(`Rule ${rule} `);
    expect(error.message).toMatch(seen);
    expect(error.where).toMatch(/^Dockerfile(?::\d+)?$/);
  });

  it('no loop for the export of the recipe', () => {
    const other = edited(tree, `${INSTALL}/rootlesskit.installer`, [
      ['for f in rootlesskit rootlesskit-docker-proxy', 'for f in rootlesskit rootlesskit-docker-proxy more'],
    ]);
    const error = failureOf(() => planFor(other, '163'));
    expect(error.message).toContain('Rule goproxy-export-before-loop ');
    expect(error.where).toMatch(/rootlesskit\.installer:\d+$/);
  });

  it('a sources.list of its own is not overwritten', () => {
    const own: Tree = new Map([...tree, ['sources.list', { text: 'theirs\n', mode: '100644' }]]);
    expect(failureOf(() => planFor(own, 'cn')).message).toContain('Rule apt-sources-file ');
  });

  it('another sources.list of ours is brought up to date', () => {
    const first = treeAfterPlan(tree, planFor(tree, 'cn'));
    const plan = planFor(first, 'cn', { overrides: [{ kind: 'apt', value: 'http://apt.example' }] });
    expect(plan.after.get('sources.list')?.text).toContain('http://apt.example/debian buster');
    expect(plan.after.get('Dockerfile')?.text).not.toMatch(
      /sources\.list[^]*\nADD sources\.list[^]*\nADD sources\.list/,
    );
  });

  it('no Dockerfile at all', () => {
    const bare: Tree = new Map([...tree].filter(([path]) => path !== 'Dockerfile'));
    expect(failureOf(() => planFor(bare, 'cn')).exitCode).toBe(EXIT.tree);
  });

  it('keeps CRLF lines CRLF', () => {
    const crlf: Tree = new Map([
      ...tree,
      ['Dockerfile', { text: (tree.get('Dockerfile')?.text ?? '').replaceAll('\n', '\r\n'), mode: '100644' }],
    ]);
    const { text } = planFor(crlf, '163').after.get('Dockerfile') ?? { text: '' };
    expect(text).toContain('ADD sources.list /etc/apt/sources.list\r\nENV GO111MODULE=off\r\n');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});
