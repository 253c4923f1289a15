// Lets a plain `node` of 20 run our TypeScript: `node --import ./test/support/typescript-loader.mjs FILE.ts`. For tests that need
// the product's code in a process of its own, to be killed. What was transpiled is kept by its content: loading the compiler takes
// longer than everything else that such a process does.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const cache = fileURLToPath(new URL('../../node_modules/.cache/moby-build-tests/', import.meta.url));

if (isMainThread) register(import.meta.url);

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
  const source = readFileSync(fileURLToPath(url), 'utf8');
  const kept = `${cache}${createHash('sha256').update(source).digest('hex')}.js`;
  if (!existsSync(kept)) {
    const { default: typescript } = await import('typescript');
    const { outputText } = typescript.transpileModule(source, {
      compilerOptions: { target: 'ES2022', module: 'ESNext', verbatimModuleSyntax: true },
      fileName: fileURLToPath(url),
    });
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${kept}.${process.pid}`, outputText);
    renameSync(`${kept}.${process.pid}`, kept);
  }
  return { format: 'module', source: readFileSync(kept, 'utf8'), shortCircuit: true };
}
