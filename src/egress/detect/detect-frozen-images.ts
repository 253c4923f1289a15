import type { Call, Site } from '../world/call.ts';
import { hostOf } from '../world/default-hosts.ts';
import type { Anchor } from '../../types.ts';
import { locateImage } from '../../image-reference.ts';
import { certain } from '../values/value.ts';

/** moby's contrib/download-frozen-image-v2.sh DIR IMAGE…: each image is fetched by curl from the registry that the script names. */
export function detectFrozenImages(call: Call, site: Site, scriptPath: string): void {
  const script = site.world.tree.get(scriptPath)?.text ?? '';
  const anchor = registryOf(script, scriptPath);
  const registry = anchor === null ? null : hostOf(anchor.text);
  for (const image of call.args.slice(1)) {
    const located = locateImage(certain(image) ?? image.text);
    const elsewhere = registry !== null && registry !== located.host;
    const { origin } = image;
    site.points.add({
      file: call.source.file,
      line: origin?.file === call.source.file && origin.place === 'script' ? origin.line : call.line,
      netLine: call.line,
      kind: 'frozen-image',
      url: elsewhere ? located.url.replace(/^docker\.io\//, `${registry}/`) : located.url,
      host: elsewhere ? registry : located.host,
      note: `the registry stands in ${scriptPath}`,
      anchor,
      key: located.url,
    });
  }
}

/** The URL in `registryBase='https://…'`. */
function registryOf(script: string, file: string): Anchor | null {
  const match = /^[ \t]*registryBase=(['"]?)(https?:\/\/[^'"\s]+)\1/m.exec(script);
  const [whole = '', quote = '', text = ''] = match ?? [];
  if (match === null) return null;
  const start = match.index + whole.indexOf(text);
  const quotes = { '': 'none', "'": 'single', '"': 'double' } as const;
  return { file, start, end: start + text.length, text, role: 'http-url', quote: quotes[quote as keyof typeof quotes] };
}
