import { readContents } from '../../bundle/check/verify.ts';
import { readBundle } from '../../bundle/open-bundle.ts';
import { packageDigests } from '../../bundle/package-digests.ts';
import { EXIT } from '../../errors.ts';
import { inventoryText } from '../../inventory/inventory-text.ts';
import { readInventory } from '../../inventory/read-inventory.ts';
import { RESULT_MESSAGES } from '../context/result-messages.ts';
import type { Presentation } from '../../ui/presentation.ts';
import type { CommandContext } from '../context/context.ts';
import type { SbomDocument } from './document.ts';

export interface SbomReport extends SbomDocument {
  readonly command: 'sbom';
  readonly text: string;
}

/**
 * `moby-build sbom DIR`: prints what is in a build. Writes nothing, and asks nobody.
 *
 * @throws MobyBuildError as `readInventory`, `readBundle` and `sourceDate` say
 */
export async function sbom({ options, document, env, wait }: CommandContext, directory: string): Promise<SbomReport> {
  const format = options.format === 'spdx' ? 'spdx' : 'cyclonedx';
  Object.assign(document, { directory, format });
  const { bundle } = options;
  const found = await wait(RESULT_MESSAGES.readingBuild, async () => {
    const contents = await Promise.all(bundle.map((file) => readBundle(file, readContents)));
    const digestOf = contents.length === 0 ? undefined : packageDigests(contents);
    return readInventory(directory, digestOf);
  });
  const text = await inventoryText(found, format, env);
  const made = {
    ...{ directory, format, sources: found.sources.length, binaries: found.binaries.length },
    ...{ modules: found.modules.length, libraries: found.libraries.length },
    ...{ differences: [...found.differences], unknown: [...found.unknown] },
    inventory: JSON.parse(text) as Record<string, unknown>,
  } satisfies SbomDocument;
  Object.assign(document, made);
  return { command: 'sbom', text, ...made };
}

/** The document on stdout, for a file; what differs and what is not known for people. Pure. */
export function presentSbom(report: SbomReport, quiet: boolean): Presentation {
  const { text, differences, unknown } = report;
  const lines = [
    RESULT_MESSAGES.inventoried(report),
    ...differences.map((each) => RESULT_MESSAGES.moduleDiffers(each)),
    ...unknown.map((each) => RESULT_MESSAGES.notKnown(each)),
    '',
  ];
  return { stdout: text, stderr: quiet ? '' : lines.join('\n'), exitCode: EXIT.done, error: null };
}
