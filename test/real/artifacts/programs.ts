import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The machine's own compiler; tests that need static programs are skipped where there is none. */
export const compiler = ['cc', 'gcc'].find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cause;
  }
});

const PROGRAMS: Readonly<Record<string, string>> = {
  dockerd: 'puts("Docker version 20.10.12, build 459d0df"); return 0;',
  runc: 'puts("runc version 1.0.2"); return 0;',
  crashes: 'abort();',
  sealed: 'extern char **environ; for (char **e = environ; *e; e++) puts(*e); return 0;',
};

/** Compiles them, static, into a new directory; an empty one where there is no compiler. Returns the directory. */
export function makePrograms(): string {
  const dir = mkdtempSync(join(tmpdir(), 'moby-build-made-'));
  if (compiler === undefined) return dir;
  for (const [name, body] of Object.entries(PROGRAMS)) {
    const source = join(dir, `${name}.c`);
    writeFileSync(source, `#include <stdio.h>\n#include <stdlib.h>\nint main(void) { ${body} }\n`);
    execFileSync(compiler, ['-static', '-o', join(dir, name), source]);
  }
  return dir;
}
