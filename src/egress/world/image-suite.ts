import { goVersionOf } from './go-mode.ts';

/** Distributions with apt whose packages are not Debian's, by the name of their images, or a codename of Ubuntu in a tag. */
const OTHER_APT =
  /^(?:ubuntu|kali(?:-\w+)?|linuxmint\w*|pop|parrot\w*|raspios\w*|deepin|uos|kylin|openkylin)(?:[:@-]|$)|[:-](?:ubuntu|trusty|xenial|bionic|focal|jammy|noble|oracular|plucky|questing|resolute)(?:[-.@\d]|$)/u;

/** Whether apt in an image asks other servers than Debian's: its default is then none that is known here. Pure. */
export function hasOtherApt(image: string): boolean {
  return OTHER_APT.test(image.slice(image.lastIndexOf('/') + 1));
}

/**
 * The Debian codename of an image: `golang:1.16.12-buster` and `debian:bookworm-slim` say it. `golang:1.12.5` (moby 19.03.0 and 19.03.1)
 * does not: an image without a release stands on Debian's stable of its day. Go 1.12.7 came out after buster (July 2019), and tags of
 * older releases are no longer built, so up to 1.12.6 it is stretch; the same Dockerfile asks for packages that buster has not
 * (btrfs-tools, libprotobuf-c0-dev), and 19.03.2 writes `-stretch` behind it. Null where nothing tells.
 */
export function suiteOfImage(image: string): string | null {
  const tag = /:([\w.-]+)(?:@|$)/.exec(image)?.[1] ?? '';
  const said = /(?:^|-)(jessie|stretch|buster|bullseye|bookworm|trixie|forky|duke|sid)(?:-|$)/.exec(tag)?.[1];
  if (said !== undefined) return said;
  const [major, minor] = goVersionOf(image) ?? [0, 0];
  const patch = Number(/^\d+\.\d+\.(\d+)$/.exec(tag)?.[1] ?? Number.NaN);
  return major === 1 && minor === 12 && patch <= 6 ? 'stretch' : null;
}
