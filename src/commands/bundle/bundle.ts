import { compareContents } from '../../bundle/check/compare.ts';
import { readContents, verifyBundle } from '../../bundle/check/verify.ts';
import { readBundle } from '../../bundle/open-bundle.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import { serveBundle } from './serve.ts';
import { createBundle } from './create.ts';
import { bundleReportDocument, type BundleReport } from './document.ts';

/** A layer has hundreds of megabytes; what is told more often than this is not read. */
const FILES_BETWEEN = 25;

/**
 * `moby-build bundle`: `create` makes one, `serve` serves one. `ls` and `diff` read the list at the beginning, and believe it; `verify` reads everything; they write nothing.
 */
export async function bundle(
  context: CommandContext,
  action: string | null,
  files: readonly string[],
): Promise<BundleReport> {
  const [file = '', other = ''] = files;
  const report = await reportOf(context, action, file, other);
  Object.assign(context.document, bundleReportDocument(report));
  return report;
}

async function reportOf(
  context: CommandContext,
  action: string | null,
  file: string,
  other: string,
): Promise<BundleReport> {
  switch (action) {
    case 'serve':
      return serveBundle(context, file);
    case 'create':
      return createBundle(context);
    case 'verify': {
      let count = 0;
      const verified = await readBundle(file, (entries) =>
        verifyBundle(entries, (path) => {
          if (count % FILES_BETWEEN === 0) context.progress(MESSAGES.readingBundle(count + 1, path));
          count += 1;
        }),
      );
      return { command: 'bundle', action, file, verified };
    }
    case 'diff': {
      const compared = compareContents(await readBundle(file, readContents), await readBundle(other, readContents));
      return { command: 'bundle', action, before: file, after: other, compared };
    }
    default:
      return { command: 'bundle', action: 'ls', file, contents: await readBundle(file, readContents) };
  }
}
