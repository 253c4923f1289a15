import { compareContents } from '../../bundle/check/compare.ts';
import { basename } from 'node:path';
import { readContents } from '../../bundle/check/verify.ts';
import type { NamedBundle } from '../../bundle/join-bundles.ts';
import { readBundle } from '../../bundle/open-bundle.ts';
import { openBundles } from '../../run/offline/open-bundles.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { CommandContext } from '../context/context.ts';
import { wantBundle } from './want-bundle.ts';
import { serveBundle } from './serve.ts';
import { createBundle } from './create.ts';
import { bundleReportDocument, olderFacts, type BundleReport } from './document.ts';

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
  const report = await reportOf(context, action, files);
  Object.assign(context.document, bundleReportDocument(report));
  return report;
}

async function reportOf(
  context: CommandContext,
  action: string | null,
  files: readonly string[],
): Promise<BundleReport> {
  const [file = '', other = ''] = files;
  switch (action) {
    case 'serve':
      return serveBundle(context, files);
    case 'want':
      return wantBundle(context);
    case 'create':
      return createBundle(context);
    case 'verify':
      return verifyBundles(context, files);
    case 'diff': {
      const compared = compareContents(await readBundle(file, readContents), await readBundle(other, readContents));
      return { command: 'bundle', action, before: file, after: other, compared };
    }
    default:
      return { command: 'bundle', action: 'ls', file, contents: await readBundle(file, readContents) };
  }
}

/** Reads a bundle, and the older ones that were named with it. */
async function verifyBundles(context: CommandContext, files: readonly string[]): Promise<BundleReport> {
  let count = 0;
  const opened = await openBundles(files, (path) => {
    if (count % FILES_BETWEEN === 0) context.progress(MESSAGES.readingBundle(count + 1, path));
    count += 1;
  });
  await opened.close();
  const { main, each, absent } = opened;
  const faults = [...opened.faults].flatMap(([file, own]) =>
    own.map((fault) => (each.length === 1 ? fault : `${basename(file)}: ${fault}`)),
  );
  const sum = (of: (bundle: NamedBundle['located']['verified']) => number): number =>
    each.reduce((all, { located }) => all + of(located.verified), 0);
  return {
    ...{ command: 'bundle', action: 'verify', file: main.file, sha256: main.located.sha256 },
    objects: main.located.verified.contents.objects.length,
    ...{
      files: sum((verified) => verified.files),
      bytes: sum(({ bytes }) => bytes),
      faults,
      older: absent.map(olderFacts),
    },
  };
}
