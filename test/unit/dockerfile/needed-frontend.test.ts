import { describe, expect, it } from 'vitest';
import { neededFrontend } from '../../../src/dockerfile/needed-frontend.ts';

const need = (text: string) => neededFrontend(new Map([['Dockerfile', { text, mode: '100644' as const }]]));

describe('neededFrontend', () => {
  it.each([
    ['FROM scratch\nCOPY a b\n', '1.0', 'any'],
    ['FROM scratch\nRUN --mount=type=bind,target=. make\n', '1.2', 'Dockerfile:2'],
    ['FROM scratch\nCOPY --link a b\n', '1.4', 'Dockerfile:2'],
    ['FROM scratch\n\nRUN <<EOT\n make\nEOT\n', '1.4', 'here-documents (Dockerfile:3)'],
    ['FROM scratch\nADD https://github.com/a/b.git?ref=${V}&keep-git-dir=1 .\nRUN <<EOT\nx\nEOT\n', '1.18', '?ref='],
    ['FROM scratch\nADD https://github.com/a/b.git?commit=${V} .\n', '1.18', '?ref='],
    ['FROM scratch\nADD https://github.com/a/b.git#v1 .\n', '1.0', 'any'],
    ['FROM scratch\nADD https://files.example/x.tar?version=1 .\n', '1.0', 'any'],
  ])('%j: %s', (text, version, because) => {
    const found = need(text);
    expect(found.version).toBe(version);
    expect(found.because).toContain(because);
  });

  it('asks nothing of a tree without a Dockerfile', () => {
    expect(neededFrontend(new Map()).version).toBe('1.0');
  });
});
