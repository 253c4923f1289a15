import { loadCatalogue } from './catalogue.ts';

/** The id of the mirror that has this host in its addresses (with its port, where it has one), or null. Pure. */
export function mirrorOfHost(host: string): string | null {
  const found = loadCatalogue().mirrors.find(({ template, archive = '' }) =>
    `${template} ${archive}`.split(/[/\s|,]+/u).includes(host),
  );
  return found?.id ?? null;
}
