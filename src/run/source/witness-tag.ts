import { candidatesOf, type Candidate } from '../../mirrors/candidates/candidates.ts';
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

/**
 * Asks the official server and the git mirrors which commit a tag is that the table does not have.
 *
 * @throws MobyBuildError as `judgeWitnesses` says
 */
export async function witnessTag(from: Checked, io: Io, url: string, ref: string): Promise<Witnessed> {
  const { access } = await from.network.reach();
  const mirrors = candidatesOf('git', from.profile, from.catalogue, from.overrides);
  const usable = mirrors.filter(({ entry }) => entry === null || (entry.status !== 'dead' && entry.clone !== false));
  const flagged = mirrors.some(({ byFlag }) => byFlag);
  const asked = [...(flagged ? [] : [OFFICIAL]), ...usable.filter(({ template }) => template !== null).slice(0, ASKED)];
  io.say(`asking ${String(asked.length)} git servers for ${ref}`);
  const upstream = splitUrl(url);
  const answers = await Promise.all(
    asked.map(async (candidate): Promise<TagAnswer> => {
      const { template } = candidate;
      const at = template === null || upstream === null ? url : expandUrl(template, upstream);
      const answer = await askTag(at, ref, access);
      const about = { mirror: template === null ? 'source' : nameOf(candidate), operator: operatorOf(candidate).key };
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
