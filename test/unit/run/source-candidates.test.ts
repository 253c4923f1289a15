import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../../src/mirrors/catalogue/catalogue.ts';
import { asItIs } from '../../../src/mirrors/probe/choices.ts';
import { profileLists } from '../../../src/mirrors/catalogue/profile-lists.ts';
import { builtinProfile } from '../../../src/mirrors/catalogue/profile.ts';
import type { HostSource } from '../../../src/handover/host-sources.ts';
import { parsed } from '../config/command-line-from.ts';
import { rememberSilence, sourceCandidates } from '../../../src/run/source/source-candidates.ts';
import type { FetchOutcome } from '../../../src/transport/fetch-outcome.ts';

const SOURCE = { upstream: 'https://github.com/krallin/tini.git', points: [] } as unknown as HostSource;

const cn = builtinProfile('cn');
if (cn === undefined) throw new Error('no profile cn');
const catalogue = loadCatalogue();
const { options } = await parsed([]);
const MEASURED = { profile: profileLists(cn, catalogue), catalogue, overrides: [], order: asItIs, options };

const mirrors = (silentServers: Set<string>) =>
  sourceCandidates(MEASURED, { silentServers }, SOURCE).map(({ mirror }) => mirror);

describe('who is asked for a source', () => {
  it.each<[Exclude<FetchOutcome, 'ok'>, boolean]>([
    ['too-slow', true],
    ['unreachable', true],
    // It is there, and may have the next one.
    ['no-such-ref', false],
    ['refused', false],
    ['other-commit', false],
  ])('a server whose outcome was %s comes last: %s', (outcome, last) => {
    const silentServers = new Set<string>();
    const [first = '', ...others] = mirrors(silentServers);
    expect(others.length).toBeGreaterThan(1);
    const url = sourceCandidates(MEASURED, { silentServers }, SOURCE)[0]?.url ?? '';
    rememberSilence({ silentServers }, { outcome, reason: '', mirror: first, url });
    expect(mirrors(silentServers)).toEqual(last ? [...others, first] : [first, ...others]);
  });
});
