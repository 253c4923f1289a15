import { sourceDate } from '../artifacts/source-date.ts';
import { spdx } from './spdx.ts';
import type { Inventory } from './inventory.ts';

/** The inventory of a build in its out dir. */
export const SBOM_NAME = 'sbom.cdx.json';

/**
 * The inventory as a document. Its time is SOURCE_DATE_EPOCH, else the end of the build, so the same folder gives the same bytes.
 *
 * @throws MobyBuildError `usage` (exit 2) for a SOURCE_DATE_EPOCH that is no time
 */
export async function inventoryText(
  inventory: Inventory,
  format: 'cyclonedx' | 'spdx',
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const said = env['SOURCE_DATE_EPOCH'] ?? '';
  const seconds = said === '' ? Math.floor(Date.parse(inventory.manifest.ended) / 1000) : sourceDate(env);
  if (format === 'spdx') return spdx(inventory, seconds);
  // The library is read only where it is needed.
  const { cycloneDx } = await import('./cyclonedx.ts');
  return cycloneDx(inventory, seconds);
}
