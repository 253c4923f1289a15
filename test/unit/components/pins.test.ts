import { describe, expect, it } from 'vitest';
import { usesOfPin } from '../../../src/components/pin-uses.ts';
import { readPins } from '../../../src/components/read-pins.ts';
import { SHAPES, treeOf } from './shapes.ts';

type Shape = keyof typeof SHAPES;

describe('readPins and usesOfPin', () => {
  it.each<[Shape, string, string, string | null, string, string[], string[]]>([
    ['a commit in an installer', 'RUNC_COMMIT', 'a'.repeat(40), 'v1.0.2', 'runc.installer:2', ['runc'], ['checkout:6']],
    ['a tag in an installer', 'TINI_VERSION', 'v0.19.0', null, 'tini.installer:2', ['tini'], ['checkout:5']],
    [
      'go install',
      'ROOTLESSKIT_VERSION',
      'v0.14.4',
      null,
      'rootlesskit.installer:1',
      ['rootlesskit'],
      ['go-install:4'],
    ],
    ['a shallow fetch', 'CONTAINERD_VERSION', 'v1.7.28', null, 'Dockerfile:4', ['containerd-src'], ['fetch:5']],
    ['an ADD by ref', 'RUNC_VERSION', 'v1.4.3', null, 'Dockerfile:3', ['runc-src'], ['add-ref:4']],
    ['an ADD by commit', 'RUNC_COMMIT', 'b'.repeat(40), null, 'Dockerfile:3', ['runc-src'], ['add-commit:4']],
    ['no ARG', 'LIBNETWORK_COMMIT', 'c'.repeat(40), null, 'proxy.installer:1', [], ['checkout:4']],
    [
      'a global ARG, cloned by branch in a heredoc',
      'RUNC_VERSION',
      'v1.2.0',
      null,
      'Dockerfile:1',
      ['runc'],
      ['branch:6'],
    ],
  ])('%s', (shape, variable, pin, note, where, stages, uses) => {
    const tree = SHAPES[shape];
    const [found, ...others] = readPins(tree);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ variable, pin, note, stages });
    if (found === undefined) return;
    expect(`${found.file.split('/').at(-1) ?? ''}:${String(found.line)}`).toBe(where);
    expect(tree.get(found.file)?.text.slice(found.start, found.end)).toBe(pin);
    expect(usesOfPin(tree, found).map(({ kind, line }) => `${kind}:${String(line)}`)).toEqual(uses);
  });

  it('reads nothing that only looks like a pin', () => {
    const installer = 'hack/dockerfile/install/odd.installer';
    const odd = [
      '# : "${RUNC_COMMIT:=x}"',
      'echo ": ${RUNC_COMMIT:=x}"',
      ': "${RUNC_COMMIT}" ${RUNC_COMMIT:-x} ${TINI_COMMIT:=$OTHER} ${TINI_VERSION:=}',
      ': ${RUNC_BUILDTAGS:=x} ${GOLANGCI_LINT_VERSION:=v1}',
      "cat <<'EOT'\n: ${RUNC_COMMIT:=x}\nEOT",
    ];
    expect(
      readPins(treeOf({ [installer]: `${odd.join('\n')}\n`, 'hack/x.installer': ': ${RUNC_COMMIT:=x}\n' })),
    ).toEqual([]);
    expect(
      readPins(
        treeOf({ Dockerfile: 'FROM x AS base\nARG RUNC_VERSION\nENV TINI_VERSION=v1\nRUN : ${X_VERSION:=1}\n' }),
      ),
    ).toEqual([]);
  });
});
