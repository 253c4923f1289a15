import type { Dockerfile, Instruction } from '../dockerfile/text/dockerfile.ts';
import { addOfRepository } from '../patching/operations/host-operations.ts';
import type { HandIn } from '../mirrors/resolve/resolutions.ts';
import type { EgressPoint } from '../types.ts';

/** Below a folder that steps mount anyway, and in a folder of its own: nothing of moby's is there in any tree. */
const IN_FOLDER = 'sources';
const OWN_FOLDER = 'hack/dockerfile/sources';
/** Where a mount of its own shows a repository. */
const MOUNTED_AT = '/tmp/sources';

/**
 * The shapes in which moby's trees fetch with git, by what the instruction that reaches out looks like; the first that fits is taken.
 * The last column says where each was seen, and decides nothing.
 *
 * | way | the instruction that reaches out | the text that changes | trees |
 * |---|---|---|---|
 * | `folder` | a RUN that mounts the folder of the script that clones | the URL of `git clone` | 20.10 |
 * | `mount` | any other RUN: the script was COPYed, or it says `git fetch` itself | the URL of `git clone` or `git remote add`; the RUN that reaches out gets a mount | 22.06; 23.0 to 29.4.0 |
 * | `add` | an ADD that keeps .git | the ADD becomes a RUN that mounts and clones | from 29.4.1 |
 */
const SHAPES: readonly ((place: Place) => HandIn | null)[] = [inFolder, byMount, byAdd];

interface Place {
  readonly point: EgressPoint;
  /** All that reach out to it; at least one. */
  readonly instructions: readonly Instruction[];
  /** `owner/name`. */
  readonly name: string;
}

/** How the repository of a git point can be handed to the steps that fetch it; null where they are of no shape that is known. Pure. */
export function handInFor(point: EgressPoint, dockerfile: Dockerfile, name: string): HandIn | null {
  const reached = point.reachedIn ?? [];
  const instructions = dockerfile.stages
    .flatMap((stage) => stage.instructions)
    .filter(({ start }) => reached.includes(start));
  if (instructions.length === 0 || instructions.length !== reached.length) return null;
  for (const shape of SHAPES) {
    const found = shape({ point, instructions, name });
    if (found !== null) return found;
  }
  return null;
}

function inFolder({ point, instructions, name }: Place): HandIn | null {
  const mounts = instructions.map((instruction) => folderMountOf(instruction, point.file));
  const [first] = mounts;
  if (first === undefined || first === null) return null;
  const { folder, at } = first;
  if (!mounts.every((mount) => mount?.folder === folder && mount.at === at)) return null;
  return { way: 'folder', path: `${folder}/${IN_FOLDER}/${name}.git`, at: `${at}/${IN_FOLDER}/${name}.git` };
}

/** The bind mount of the context in which a RUN sees a file of the tree. */
function folderMountOf(
  { keyword, flags }: Instruction,
  file: string,
): { readonly folder: string; readonly at: string } | null {
  if (keyword !== 'RUN') return null;
  for (const { name, options } of flags) {
    const bind = name === 'mount' && (options.get('type') ?? 'bind') === 'bind' && !options.has('from');
    const folder = (options.get('src') ?? options.get('source') ?? '').replace(/^\/|\/$/g, '');
    const at = options.get('target') ?? options.get('dst') ?? options.get('destination') ?? '';
    const plain = /^[\w./-]+$/.test(folder) && /^\/[\w./-]+$/.test(at);
    if (bind && plain && file.startsWith(`${folder}/`)) return { folder, at };
  }
  return null;
}

function byMount({ instructions, name }: Place): HandIn | null {
  if (!instructions.every(({ keyword }) => keyword === 'RUN')) return null;
  return { way: 'mount', path: `${OWN_FOLDER}/${name}.git`, at: `${MOUNTED_AT}/${name}.git` };
}

function byAdd({ instructions, name }: Place): HandIn | null {
  if (!instructions.every((instruction) => addOfRepository(instruction) !== null)) return null;
  return { way: 'add', path: `${OWN_FOLDER}/${name}.git`, at: `${MOUNTED_AT}/${name}.git` };
}
