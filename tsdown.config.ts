import { defineConfig } from 'tsdown';
import { rulesAsData } from './scripts/rules-as-data.ts';
import { textPages } from './scripts/text-pages.ts';
import { thirdPartyNotices } from './scripts/third-party-notices.ts';

/** One bundle with everything in it: an installed package has no dependency tree, and a command's code is read when it is called. */
export default defineConfig({
  // The guard runs in a thread of its own, which is started from a file.
  entry: ['src/cli.ts', 'src/system/signals/signal-guard-thread.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outDir: 'dist',
  outExtensions: () => ({ js: '.js' }),
  clean: true,
  // An import that is not found is a warning, and a program that does not start.
  failOnWarn: true,
  dts: false,
  sourcemap: false,
  // Names of functions and classes stay readable in a bug report.
  minify: false,
  fixedExtension: false,
  // Bundling all dependencies is meant: an installed package is one folder.
  // CycloneDX writes XML by a package that it asks for only then; we write JSON.
  deps: { onlyBundle: false, neverBundle: ['xmlbuilder2'] },
  plugins: [thirdPartyNotices(), textPages(), rulesAsData()],
});
