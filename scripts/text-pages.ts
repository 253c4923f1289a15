import { allPages } from '../src/config/pages/all-pages.ts';
import { PAGES_FILE } from '../src/system/page-text.ts';
import { CHINESE } from '../src/ui/speech/chinese.ts';
import { translatorOf } from '../src/ui/speech/translator.ts';

interface BundleContext {
  emitFile: (file: { type: 'asset'; fileName: string; source: string }) => unknown;
}

/** A plugin for the bundler: writes the texts of `--help` beside the bundle, so that showing them loads nothing else. */
export function textPages() {
  return {
    name: 'text-pages',
    generateBundle(this: BundleContext) {
      this.emitFile({ type: 'asset', fileName: PAGES_FILE, source: JSON.stringify(allPages(translatorOf(CHINESE))) });
    },
  };
}
