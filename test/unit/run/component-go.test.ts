import { describe, expect, it } from 'vitest';
import type { ComponentPin } from '../../../src/components/effective-pins.ts';
import { goOfComponent } from '../../../src/moby/go/component-go.ts';
import { componentCommit } from '../../../src/moby/component-pins.ts';
import { componentGoNotes } from '../../../src/run/notes/component-go.ts';

const pin = (component: ComponentPin['component'], version: string, asked: boolean): ComponentPin => ({
  ...{ component, variable: 'X_VERSION', pin: version, treePin: 'v1.7.13', note: null, file: 'Dockerfile', line: 1 },
  ...{ from: asked ? 'build-arg' : 'tree', asked, stages: [] },
});
const said = (pins: readonly ComponentPin[], image: string | null, chosen = false): string =>
  componentGoNotes(pins, image, chosen)
    .map(({ message, hint }) => `${message} ${hint ?? ''}`)
    .join('\n');

describe('a component newer than the Go of its tree', () => {
  it.each([
    ['containerd v2.2.1', pin('containerd', 'v2.2.1', true)],
    ['its commit', pin('containerd', componentCommit('containerd/containerd', 'v2.2.1') ?? '', true)],
  ])('is said, with the image that would do: %s', (_, component) => {
    const text = said([component], 'm.example/library/golang:1.20.13-bullseye@sha256:' + 'a'.repeat(64));
    const wants = goOfComponent('containerd/containerd', 'v2.2.1') ?? '';
    expect(wants).toMatch(/^1\.2\d/u);
    expect(text).toContain(`asks for Go ${wants} in its go.mod, and the image has Go 1.20.13`);
    expect(text).toContain(`library/golang:${wants}-bullseye`);
    expect(text).toContain(`--build-arg GO_VERSION=${wants}`);
  });

  it.each<[string, ComponentPin, string | null, boolean]>([
    ['an image that is new enough', pin('containerd', 'v2.2.1', true), 'golang:1.99.1-trixie', false],
    ['one that asks for no Go that Go insists on', pin('containerd', 'v1.7.13', true), 'golang:1.18.1-buster', false],
    ['one that no table knows', pin('containerd', 'f'.repeat(40), true), 'golang:1.18.1-buster', false],
    // moby's own releases were built as they are.
    ['what the tree has by itself', pin('runc', 'v1.3.3', false), 'golang:1.18.1-buster', false],
    ['an image whose tag says no version', pin('containerd', 'v2.2.1', true), 'registry.example/go:latest', false],
    ['no image', pin('containerd', 'v2.2.1', true), null, false],
  ])('is not: %s', (_, component, image, chosen) => {
    expect(said([component], image, chosen)).toBe('');
  });

  it('is said of what the tree has, too, where the user chose an older Go', () => {
    expect(said([pin('runc', 'v1.3.3', false)], 'golang:1.18.1-buster', true)).toContain('runc v1.3.3 asks for Go');
  });
});
