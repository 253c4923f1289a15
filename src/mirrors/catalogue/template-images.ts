import { isImageReference, parseImageReference } from '../../image-reference.ts';
import { badMirror } from './hostile.ts';

/** Checks the template of a registry. Throws MobyBuildError `bad-mirror` (2). */
export function checkImage(text: string, where: string): void {
  if (text.includes('://')) {
    throw badMirror(
      where,
      `${where} holds a scheme; a registry is named by its host.`,
      'For example --mirror image=registry.example/hub/{image}',
    );
  }
  const sample = expandImage(text, 'library/name:tag');
  if (!isImageReference(sample) || parseImageReference(sample) === null) {
    throw badMirror(where, `${where} does not make an image reference: ${text} would give ${sample}`);
  }
  // `alyun` would be read as a namespace of Docker Hub: a registry is told by its dot or port.
  if (parseImageReference(sample)?.host === 'docker.io' && !/^(?:docker\.io|\{host\})\//.test(text)) {
    throw badMirror(
      where,
      `${where} does not start with a registry's host: ${text}`,
      'A host has a dot or a port, or is localhost.',
    );
  }
  if (!/[{](?:image|path|short|name)[}]/.test(text))
    throw badMirror(
      where,
      `${where} names one image for all: ${text}`,
      "Put {image} where the image's name and tag shall stand, or use --image NAME=REF for one image.",
    );
}

/** Fills the holes of a template from an image; the template itself where the name is a variable. Pure. */
export function expandImage(text: string, reference: string): string {
  const parsed = parseImageReference(reference);
  if (parsed === null) return text;
  const image = `${parsed.repository}${parsed.suffix}`;
  const short = image.replace(/^library\//, '');
  return fill(text, { image, path: image, short, name: lastPart(image), host: parsed.host });
}

/** The name that a last part is of: `djs55/vpnkit:0.5.0` of `vpnkit:0.5.0`. */
export function fullName(name: string): string {
  const [, plain = '', suffix = ''] = /^([^:@]*)(.*)$/.exec(name) ?? [];
  return `${BY_LAST_PART[plain] ?? plain}${suffix}`;
}

/** `vpnkit:0.5.0` of `djs55/vpnkit:0.5.0`. */
function lastPart(image: string): string {
  const end = image.search(/[:@]/);
  return image.slice(image.lastIndexOf('/', end === -1 ? undefined : end) + 1);
}

/** The images of moby's trees that are no official ones of Docker Hub, by the last part of their names. */
const BY_LAST_PART: Readonly<Record<string, string>> = {
  vpnkit: 'djs55/vpnkit',
  xx: 'tonistiigi/xx',
  dockerfile: 'docker/dockerfile',
  cli: 'dockereng/cli',
  packaging: 'dockereng/packaging',
};

/** Puts values into holes; a hole without a value stays. Pure. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}
