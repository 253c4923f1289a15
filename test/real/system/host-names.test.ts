import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { hasNamespaces, inNamespace, TYPESCRIPT } from './namespace.ts';

const dir = mkdtempSync(join(tmpdir(), 'names-test-'));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe.skipIf(!hasNamespaces)('names', () => {
  it('resolve as the system resolves them; a failure is not kept; a stuck one holds up nobody', () => {
    const [program = '', ...words] = inNamespace(dir, {
      resolv: 'nameserver 127.0.0.1\nsearch corp.example\noptions timeout:30 attempts:1\n',
      hosts: '127.0.0.1 localhost\n10.91.0.9 in-hosts.example\n',
    });
    const client = fileURLToPath(new URL('names-client.ts', import.meta.url));
    const started = performance.now();
    const out = execFileSync(program, [...words, ...TYPESCRIPT, client], { encoding: 'utf8', timeout: 60_000 });
    const { found } = JSON.parse(out) as { found: Record<string, string> };
    expect(found).toEqual({
      'hosts file': '10.91.0.9',
      'search domain, without a dot': '10.91.0.7',
      'search domain, with a dot': '10.91.0.7',
      nowhere: 'ENOTFOUND',
      'fails first': 'EAI_AGAIN',
      'works then': '10.91.0.7',
      'is kept': '10.91.0.7',
      'beside a stuck one': '10.91.0.7',
      'given up': 'ECANCELLED',
      'after that': '10.91.0.7',
      last: '10.91.0.9',
    });
    // The stuck lookups alone would take 30 s and more.
    expect(performance.now() - started).toBeLessThan(25_000);
  });
});
