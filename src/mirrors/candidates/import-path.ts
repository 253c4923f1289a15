import type { EgressPoint } from '../../types.ts';

/** Whether `go get` without modules makes the point: it clones from the host that the import path names. */
export function isImportPath({ kind, anchor, module, url }: EgressPoint): boolean {
  const path = module?.slice(module.indexOf('/')) ?? '';
  return kind === 'gomod' && anchor === null && path.startsWith('/') && url.endsWith(path) && url !== path;
}
