import type { Tree } from '../types.ts';
import type { Instruction } from './text/dockerfile.ts';
import { parseDockerfile } from './parse.ts';

/** The least Dockerfile frontend that reads a tree, and what asks for it. */
export interface FrontendNeed {
  /** `1.4`: major and minor, as docker/dockerfile is tagged. */
  readonly version: string;
  /** In a few words: `here-documents (Dockerfile:34)`. */
  readonly because: string;
}

/** What came with which frontend, newest first (docs.docker.com, Dockerfile release notes; moby/buildkit, frontend/dockerfile/release notes). */
const CAME_WITH: readonly {
  readonly version: string;
  readonly what: string;
  readonly has: (of: Instruction) => boolean;
}[] = [
  {
    version: '1.18',
    what: 'ADD of a git URL with ?ref=',
    has: ({ keyword, words }) =>
      keyword === 'ADD' &&
      words.some(({ text }) => /^(?:https?|git|ssh):\/\/.*\?(?:.*&)?(?:ref|commit|tag|branch)=/u.test(text)),
  },
  { version: '1.4', what: 'here-documents', has: ({ heredocs }) => heredocs.length > 0 },
  {
    version: '1.4',
    what: 'COPY --link',
    has: ({ keyword, flags }) => (keyword === 'COPY' || keyword === 'ADD') && flags.some(({ name }) => name === 'link'),
  },
  {
    version: '1.2',
    what: 'RUN --mount',
    has: ({ keyword, flags }) => keyword === 'RUN' && flags.some(({ name }) => name === 'mount'),
  },
];

const OLDEST: FrontendNeed = { version: '1.0', because: 'any Dockerfile' };

/**
 * What the frontend must be able to read where the engine's own is used, or an older image of it. Pure.
 * Throws exit 4 where the tree's Dockerfile is none.
 */
export function neededFrontend(tree: Tree): FrontendNeed {
  const text = tree.get('Dockerfile')?.text;
  if (text === undefined) return OLDEST;
  const instructions = parseDockerfile(text, 'Dockerfile').stages.flatMap((stage) => stage.instructions);
  for (const { version, what, has } of CAME_WITH) {
    const found = instructions.find(has);
    if (found !== undefined) return { version, because: `${what} (Dockerfile:${String(found.line)})` };
  }
  return OLDEST;
}
