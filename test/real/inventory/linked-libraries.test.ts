import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { goBuildInfo } from '../../../src/artifacts/elf/elf-details.ts';
import { linkedLibraries } from '../../../src/inventory/linked-libraries.ts';
import { compiler, makePrograms } from '../artifacts/programs.ts';

const dir = makePrograms();
afterAll(() => {
  rmSync(dir, { recursive: true });
});

it.skipIf(compiler === undefined)('a C library is seen in a static program, and not in one that is stripped', () => {
  const program = join(dir, 'runc');
  expect(linkedLibraries(program)).toEqual(['glibc']);
  expect(goBuildInfo(program)).toBeNull();
  execFileSync('strip', ['-o', join(dir, 'stripped'), program]);
  expect(linkedLibraries(join(dir, 'stripped'))).toBeNull();
  writeFileSync(
    join(dir, 'seccomp.c'),
    'int seccomp_rule_add(void) { return 0; }\nint main(void) { return seccomp_rule_add(); }\n',
  );
  execFileSync(compiler ?? '', ['-static', '-o', join(dir, 'seccomp'), join(dir, 'seccomp.c')]);
  expect(linkedLibraries(join(dir, 'seccomp'))).toEqual(['glibc', 'libseccomp']);
  expect(linkedLibraries(join(dir, 'seccomp.c'))).toBeNull();
});
