import { EXIT, MobyBuildError } from '../../errors.ts';
import type { Lack } from '../../mirrors/images/engine-image.ts';
import { NEXT } from '../../next-command.ts';
import type { Requested } from '../stage/stages.ts';
import { OFFLINE_WORDS } from './offline-words.ts';

/** What is not here, each once, with what would supply it. */
export function offlineLacks(
  lacks: readonly Lack[],
  { ref, source, arch, target, offline }: Pick<Requested['options'], 'ref' | 'source' | 'arch' | 'target' | 'offline'>,
  ...more: readonly string[]
): MobyBuildError {
  const lines = lacks.map((lack) => `  ${lackLine(lack)}`);
  const all = [...new Set(lines)];
  return new MobyBuildError({
    code: 'offline-lacks',
    exitCode: EXIT.network,
    message: [(offline ? OFFLINE_WORDS.lacks : OFFLINE_WORDS.lacksOfFolder)(all.length), ...all, ...more].join('\n'),
    where: offline ? '--offline' : '--mirror',
    hint: 'Nothing was built. A machine with network makes one file of everything, for --bundle:',
    command: NEXT.createBundle(
      ...(ref !== null ? ['--ref', ref] : source.kind === 'directory' ? ['--source', source.path] : []),
      ...['--arch', arch, '--target', target, '--out', 'moby.tar'],
    ),
  });
}

function lackLine({ kind, name, why, supply }: Lack): string {
  return why === '' ? OFFLINE_WORDS.lack(kind, name, supply) : OFFLINE_WORDS.lackWhy(kind, name, why, supply);
}

/** A commit that is not here. Pure. */
export function gitLack(name: string, supply: string = OFFLINE_WORDS.git, why = ''): Lack {
  return { kind: 'git', name, why, supply };
}
