import { DEFAULT_SOURCE } from '../../config/options/source-options.ts';
import type { Candidate } from '../../mirrors/candidates/candidates.ts';
import { repositoryCandidates } from '../../mirrors/candidates/repositories.ts';
import { nameOf } from '../../mirrors/candidates/locate.ts';
import { operatorOf } from '../../mirrors/candidates/operator.ts';
import { expandUrl, splitUrl } from '../../mirrors/catalogue/template.ts';
import { judgeWitnesses, type TagAnswer, type Witnessed } from '../../moby/witnesses.ts';
import { askTag } from '../../transport/ask-tag.ts';
import type { Note } from '../../types.ts';
import type { Io } from '../stage/io.ts';
import type { Checked } from '../stage/stages.ts';

/** How many mirrors are asked, besides the official server. */
const ASKED = 6;

/** moby's own server; it is asked for its own tag, unless flags name the mirrors. */
const OFFICIAL: Candidate = { id: null, via: 'upstream', template: null, entry: null, byFlag: false };

/** Whom to ask, and who they are. */
interface Server {
  readonly url: string;
  readonly mirror: string;
  readonly operator: string;
}

/**
 * The servers that are asked for a tag of moby: of moby's own repository, wherever the tree comes from. The word of a clone URL that the
 * user names is not asked for: what it hands over is held against the answer. Pure.
 */
export function serversToAsk(mirrors: readonly Candidate[]): readonly Server[] {
  const usable = mirrors.filter(({ entry }) => entry === null || (entry.status !== 'dead' && entry.clone !== false));
  const flagged = mirrors.some(({ byFlag }) => byFlag);
  const asked = [...(flagged ? [] : [OFFICIAL]), ...usable.filter(({ template }) => template !== null).slice(0, ASKED)];
  const upstream = splitUrl(DEFAULT_SOURCE);
  return asked.map((candidate) => {
    const { template } = candidate;
    return {
      url: template === null || upstream === null ? DEFAULT_SOURCE : expandUrl(template, upstream),
      mirror: template === null ? 'official' : nameOf(candidate),
      operator: operatorOf(candidate).key,
    };
  });
}

/**
 * Asks the official server and the git mirrors which commit a tag of moby is that the table does not have.
 *
 * @throws MobyBuildError as `judgeWitnesses` says
 */
export async function witnessTag(from: Checked, io: Io, ref: string): Promise<Witnessed> {
  const { access } = await from.network.reach();
  const asked = serversToAsk(repositoryCandidates(DEFAULT_SOURCE, from));
  io.say(`asking ${String(asked.length)} git servers for ${ref}`);
  const answers = await Promise.all(
    asked.map(async ({ url, ...about }): Promise<TagAnswer> => {
      const answer = await askTag(url, ref, access);
      return 'fault' in answer ? { ...about, commit: null, fault: answer.fault } : { ...about, ...answer, fault: null };
    }),
  );
  const witnessed = judgeWitnesses(ref, answers);
  io.note(witnessNote(ref, witnessed));
  return witnessed;
}

function witnessNote(ref: string, { commit, witnesses }: Witnessed): Note {
  return {
    level: 'warning',
    code: 'tag-by-witnesses',
    message: `${ref} is younger than the table of tags; it is ${commit}, as ${witnesses.join(', ')} say.`,
    hint: `--commit ${commit} pins it without them.`,
  };
}
