import { suiteOfImage } from '../mirrors/suites.ts';
import type { Need } from '../mirrors/probe/need.ts';
import type { Probed } from '../mirrors/probe/run-probe.ts';
import { makeTempDir } from '../system/temp-dir.ts';
import type { MirrorKind } from '../types.ts';
import { MESSAGES } from '../ui/messages.ts';
import { getSource } from './get-source.ts';
import { scanSource } from './make-plan.ts';
import { probeSource } from './order-clones.ts';
import { probeAll } from './probe-mirrors.ts';
import { needsOf } from './requests.ts';
import { addNotes, type RunState } from './state.ts';

/** What is asked for where no tree can be had that says what it needs. */
const SAMPLE_IMAGE = 'docker.io/library/golang:1.24-bookworm';

/**
 * Measures the mirrors for a tree: the user's, or a clone of which only the files that a scan reads are fetched. Where nobody
 * serves the clone, ordinary objects are asked for in place of what the tree would say, so that each kind is explained.
 *
 * @param kind only this one
 */
export async function probeTree(
  state: RunState,
  kind: MirrorKind | null,
  say: (text: string) => void,
): Promise<readonly Probed[]> {
  const { source } = state.options;
  const wanted = (need: Need): boolean => kind === null || need.kind === kind;
  if (source.kind === 'url' && /^https?:/u.test(source.url)) {
    const clone = await probeSource(state, source.url, say);
    if (clone.ranked.length > 0 && !clone.ranked.some(({ finding }) => finding.outcome === 'ok')) {
      addNotes(state, [{ level: 'warning', code: 'no-tree', message: MESSAGES.sampleAsked(SAMPLE_IMAGE) }]);
      const others = await probeAll(state, sampleNeeds(state).filter(wanted), say);
      return [...(wanted(clone.need) ? [clone] : []), ...others];
    }
  }
  const temp = makeTempDir('probe');
  try {
    await getSource(state, { dir: `${temp.path}/moby`, mode: 'files', say: () => undefined });
    scanSource(state);
    return await probeAll(state, (await needsOf(state)).filter(wanted), say);
  } finally {
    temp.remove();
  }
}

function sampleNeeds({ options }: RunState): readonly Need[] {
  const release = suiteOfImage(SAMPLE_IMAGE)?.codename ?? '';
  const platform = `linux/${options.arch}`;
  return [
    {
      kind: 'apt',
      key: release,
      points: [],
      wanted: {
        is: 'suites',
        suites: [{ root: 'debian', suite: release, archived: false }],
        arch: options.arch === 'arm' ? 'armhf' : options.arch,
      },
    },
    {
      kind: 'image',
      key: `${SAMPLE_IMAGE} ${platform}`,
      points: [],
      wanted: { is: 'image', reference: SAMPLE_IMAGE, platform },
    },
    {
      kind: 'gomod',
      key: 'modules',
      points: [],
      wanted: { is: 'module', path: 'github.com/pkg/errors', version: 'v0.9.1' },
    },
  ];
}
