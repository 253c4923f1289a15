/** Paths in a container, as text. A part that is not known stays as it is written. */

/** Joins and cleans: `/a/b`, `../c` → `/a/c`. A path that starts with what is not known counts as absolute. */
export function resolvePath(cwd: string, path: string): string {
  const whole = path.startsWith('/') || path.startsWith('$') || path.startsWith('`') ? path : `${cwd}/${path}`;
  const out: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0) out.pop();
    else if (part !== '..') out.push(part);
  }
  return (whole.startsWith('/') ? '/' : '') + out.join('/');
}

/** Whether `path` is `folder` or lies in it. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || folder === '/' || folder === '' || path.startsWith(`${folder}/`);
}

/** `path` seen from `folder`; '' for the folder itself. */
export function relativePath(path: string, folder: string): string {
  if (path === folder) return '';
  return folder === '/' || folder === '' ? path.replace(/^\//, '') : path.slice(folder.length + 1);
}

export function baseName(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? '';
}

export function dirName(path: string): string {
  const at = path.replace(/\/+$/, '').lastIndexOf('/');
  return at === -1 ? '.' : at === 0 ? '/' : path.slice(0, at);
}
