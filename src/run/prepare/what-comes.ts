import { neededFrontend, type FrontendNeed } from '../../dockerfile/needed-frontend.ts';
import { inspectExisting } from '../../source/existing.ts';
import { frontendOfRef } from '../../moby/frontend-of-ref.ts';
import { type Series } from '../../moby/series-table.ts';
import { seriesOfRef, seriesOfSource } from '../../moby/series.ts';
import { loadTree } from '../../system/files/load-tree.ts';
import type { Checked } from '../stage/stages.ts';

/** What the machine is judged by, before anything is fetched: as much of the tree as its ref, or the user's directory, tells. */
export interface WhatComes {
  readonly builtBy: Series['builtBy'];
  /** null: an image of the frontend is used, or nothing is known yet. */
  readonly frontend: FrontendNeed | null;
}

/** Looks at the ref on the line, else at the user's own tree. Throws as `inspectExisting` says. */
export async function whatComes(from: Pick<Checked, 'options' | 'overrides' | 'profile'>): Promise<WhatComes> {
  const { ref, source } = from.options;
  if (source.kind === 'url') {
    const series = ref === null ? null : seriesOfRef(ref);
    return {
      builtBy: series?.builtBy ?? 'docker-build',
      frontend: ref !== null && usesBuiltin(from) ? frontendOfRef(ref) : null,
    };
  }
  const there = await inspectExisting(source.path, { ref: ref ?? undefined });
  const files = await loadTree(there.dir);
  const series = seriesOfSource(there.ref, there.commit, files);
  return {
    builtBy: series?.builtBy ?? 'docker-build',
    frontend: usesBuiltin(from) ? neededFrontend(files) : null,
  };
}

/** Whether the plan will drop the `# syntax` line: a flag says so, or the profile's first choice is the engine's own frontend. */
function usesBuiltin({
  options: { frontend },
  overrides,
  profile,
}: Pick<Checked, 'options' | 'overrides' | 'profile'>): boolean {
  if (frontend !== null) return frontend === 'builtin';
  const flag = overrides.find(({ kind }) => kind === 'frontend');
  const first = flag?.value ?? profile.mirrors.frontend?.[0];
  return first === 'builtin';
}
