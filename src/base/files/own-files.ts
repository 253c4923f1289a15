import type { ReadyBase } from '../ready-base.ts';
import { suiteFacts } from '../../mirrors/catalogue/suites.ts';
import type { FileEntry } from './tar-entries.ts';

/** As bundles have it: 1980-01-01. */
const TIME = 315_532_800;

/**
 * The files of the base that no package has: what dpkg wants to find before it has installed anything, apt's sources, and what Debian's own images for
 * containers have besides. Pure.
 */
export function ownFiles({
  facts,
  sources,
  essential,
}: Pick<ReadyBase, 'facts' | 'sources' | 'essential'>): readonly FileEntry[] {
  const deb822 = suiteFacts(facts.suite)?.deb822 === true;
  return [
    file('var/lib/dpkg/status', ''),
    file('var/lib/dpkg/available', ''),
    // Scripts of packages call awk before the package that brings one has made its alternative.
    ...(essential.some(({ name }) => name === 'mawk') ? [link('usr/bin/awk', 'mawk')] : []),
    // A build that is cut is begun anew, so nothing is gained by waiting for the disk after each file.
    file('etc/dpkg/dpkg.cfg.d/docker-apt-speedup', 'force-unsafe-io\n'),
    file('etc/apt/apt.conf.d/docker-no-languages', 'Acquire::Languages "none";\n'),
    // Images from Debian 12 on have their default sources in a file of the newer form.
    deb822 ? file('etc/apt/sources.list.d/debian.sources', stanzas(sources)) : file('etc/apt/sources.list', sources),
  ];
}

function file(path: string, text: string): FileEntry {
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, time: TIME, link: '', data: Buffer.from(text) };
}

function link(path: string, to: string): FileEntry {
  return { path, type: 'link', mode: 0o777, uid: 0, gid: 0, time: TIME, link: to, data: new Uint8Array() };
}

/** The lines of a sources.list as stanzas (sources.list(5), "DEB822-STYLE FORMAT"). */
function stanzas(sources: string): string {
  return sources
    .split('\n')
    .flatMap((line) => {
      const [, url, suite, components] = /^deb (\S+) (\S+) (.+)$/u.exec(line) ?? [];
      if (url === undefined || suite === undefined || components === undefined) return [];
      const fields = { Types: 'deb', URIs: url, Suites: suite, Components: components };
      return [
        Object.entries(fields)
          .map(([name, value]) => `${name}: ${value}\n`)
          .join(''),
      ];
    })
    .join('\n');
}
