/** What a file is by its name, where that is the name of a package; else null. Pure. */
export function packageKind(path: string): 'tgz' | 'deb' | 'rpm' | null {
  if (/\.(?:tgz|tar\.gz)$/iu.test(path)) return 'tgz';
  if (/\.deb$/iu.test(path)) return 'deb';
  return /\.rpm$/iu.test(path) ? 'rpm' : null;
}
