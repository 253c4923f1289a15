import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../../src/mirrors/catalogue.ts';
import { builtinProfile } from '../../../src/mirrors/profile.ts';
import type { HostSource } from '../../../src/pipeline/host-sources.ts';
import { rememberSilence, sourceCandidates } from '../../../src/pipeline/source-candidates.ts';
import type { RunState } from '../../../src/pipeline/state.ts';
import type { FetchOutcome } from '../../../src/source/fetch-outcome.ts';

const SOURCE = { upstream: 'https://github.com/krallin/tini.git', points: [] } as unknown as HostSource;

/** What of a run is read here. */
function run(): RunState {
  const some: Partial<RunState> = {
    profile: builtinProfile('cn') ?? null,
    catalogue: loadCatalogue(),
    overrides: [],
    order: null,
    silentServers: new Set(),
  };
  return some as RunState;
}

const mirrors = (state: RunState) => sourceCandidates(state, SOURCE).map(({ mirror }) => mirror);

describe('who is asked for a source', () => {
  it.each<[Exclude<FetchOutcome, 'ok'>, boolean]>([
    ['too-slow', true],
    ['unreachable', true],
    // It is there, and may have the next one.
    ['no-such-ref', false],
    ['refused', false],
    ['other-commit', false],
  ])('a server whose outcome was %s comes last: %s', (outcome, last) => {
    const state = run();
    const [first = '', ...others] = mirrors(state);
    expect(others.length).toBeGreaterThan(1);
    const url = sourceCandidates(state, SOURCE)[0]?.url ?? '';
    rememberSilence(state, { outcome, reason: '', mirror: first, url });
    expect(mirrors(state)).toEqual(last ? [...others, first] : [first, ...others]);
  });
});
