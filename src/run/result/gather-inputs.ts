import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aptPackages, besidesBase, PACKAGE_LINE } from '../../inventory/apt-packages.ts';
import { buildInputs, type BuildInputs } from '../../inventory/build-inputs.ts';
import { MODULE_FILES, readModules } from '../../inventory/module-lists.ts';
import { toFileError } from '../../system/file-error.ts';
import { logLines } from '../../system/files/log-lines.ts';
import { runGit } from '../../system/git/git.ts';
import type { Built } from '../stage/stages.ts';

/** No list of modules is longer; a tree of the user's may hold anything. */
const MOST_BYTES = 16 * 1024 * 1024;

/** `#12 3.4 [output clipped, log limit 2MiB reached]` (moby/buildkit, solver/llbsolver/vertex.go and util/progress/logs). */
const CLIPPED = /^#(\d+) .*\[output clipped, log limit /u;

/**
 * What an inventory needs and only this run has: the lists of modules of moby and of the components that this machine fetched, and the
 * packages that the log says were installed. Throws as `toFileError` says.
 */
export async function gatherInputs({
  source,
  plan,
  readySources,
  readyBase,
  steps,
  logFile,
}: Built): Promise<BuildInputs> {
  const trees: BuildInputs['trees'] = [];
  const add = (name: string, commit: string | null, texts: ReadonlyMap<string, string>): void => {
    const list = readModules((file) => texts.get(file) ?? null);
    if (list !== null)
      trees.push({ name, commit, list: list.file, modules: list.modules.map((module) => ({ ...module })) });
  };
  add('moby', plan.commit, await textsOf((file) => fileText(join(source.dir, file))));
  for (const { source: component, entry } of readySources)
    add(
      component.component,
      entry.record.commit,
      await textsOf((file) => blobText(entry.dir, `${entry.record.commit}:${file}`)),
    );
  const lines: string[] = [];
  const clipped = new Set<string>();
  try {
    for await (const line of logLines(logFile)) {
      if (PACKAGE_LINE.test(line)) lines.push(line);
      const [, step] = CLIPPED.exec(line) ?? [];
      if (step !== undefined) clipped.add(step);
    }
  } catch (cause) {
    throw toFileError(cause, logFile);
  }
  return buildInputs({
    trees,
    packages: besidesBase(aptPackages(lines), readyBase?.facts.packages ?? []).map((each) => ({ ...each })),
    // Nothing else installs packages.
    cachedSteps: steps.filter(({ name, cached }) => cached && /^(?:\[[^\]]*\] )?RUN\b/u.test(name)).length,
    clippedSteps: clipped.size,
  });
}

async function textsOf(read: (file: string) => Promise<string | null>): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const file of MODULE_FILES) {
    const text = await read(file);
    if (text !== null) texts.set(file, text);
  }
  return texts;
}

/** null: it is not there, or no regular file. */
async function fileText(path: string): Promise<string | null> {
  try {
    const facts = await lstat(path);
    return facts.isFile() && facts.size <= MOST_BYTES ? await readFile(path, 'utf8') : null;
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw toFileError(cause, path);
  }
}

async function blobText(repository: string, object: string): Promise<string | null> {
  const { exitCode, stdout } = await runGit(repository, ['cat-file', 'blob', object], {
    allowFailure: true,
    maxBytes: MOST_BYTES,
  });
  return exitCode === 0 ? stdout : null;
}
