import { nearest } from '../../config/nearest.ts';
import { declaredArgs, HEARD_ANYWAY } from '../../dockerfile/declared-args.ts';
import { parseDockerfile } from '../../dockerfile/parse.ts';
import { handArguments, isReadByScripts } from '../../patching/hand-arguments.ts';
import { loadRuleSet } from '../../patching/rules/rule-set.ts';
import { NOTE_WORDS } from '../notes/note-words.ts';
import type { Io } from '../stage/io.ts';
import type { Crossing, Sourced } from '../stage/stages.ts';

/**
 * The tree as it is scanned, where `--build-arg` names what its Dockerfile does not: up to 22.06 a variable that only the scripts of `make binary`
 * read (DOCKER_LDFLAGS) becomes an ARG of their stage. One that nothing reads is told, for BuildKit says so in the middle of a log only.
 *
 * @throws MobyBuildError as `handArguments` and `parseDockerfile` (4) say
 */
export function argumentSource(
  from: Pick<Sourced, 'options' | 'source' | 'target'> & { readonly crossing: Crossing },
  io: Pick<Io, 'note'>,
): Pick<Sourced, 'source'> & { readonly crossing: Crossing } {
  const { options, source, target, crossing } = from;
  const names = Object.keys(options.buildArgs).filter((name) => !HEARD_ANYWAY.test(name));
  const text = source.files.get('Dockerfile')?.text;
  const declared =
    names.length === 0 || text === undefined
      ? null
      : declaredArgs(parseDockerfile(text, 'Dockerfile'), target.stage, { ...options, buildArgs: target.buildArgs });
  if (declared === null) return { source, crossing };
  const unheard = names.filter((name) => !declared.has(name));
  const handed =
    source.series.builtBy === 'docker-build' ? unheard.filter((name) => isReadByScripts(source.files, name)) : [];
  for (const name of unheard.filter((each) => !handed.includes(each))) {
    const near =
      nearest(
        name,
        [...declared].map((each) => each.toLowerCase()),
      )?.toUpperCase() ?? null;
    io.note({ level: 'warning', code: 'build-arg-unheard', ...NOTE_WORDS.buildArgUnheard(name, target.name, near) });
  }
  const { tree, patches } = handArguments(source.files, loadRuleSet(), handed, crossing.length);
  return { source: { ...source, files: tree }, crossing: [...crossing, ...patches] };
}
