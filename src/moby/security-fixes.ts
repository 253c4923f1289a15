/** A security fix of moby, and the first release of each series that has it. */
export interface SecurityFix {
  readonly name: string;
  readonly what: string;
  /** The first release that has the fault, where the advisory names one that is built here. */
  readonly since?: string | undefined;
  /** By the name of the series. */
  readonly fixedIn: Readonly<Record<string, string>>;
  /** Where that is known from: commits of moby's own repository, by the first release that contains them, or release notes. */
  readonly source: string;
}

/**
 * Fixes of the daemon itself, oldest first; what moby only takes from containerd, runc or Go is not here. A series that is not named either never had
 * the fault, or ended without the fix: the advisory says which.
 */
export const SECURITY_FIXES: readonly SecurityFix[] = [
  {
    name: 'CVE-2022-24769',
    what: 'containers start with capabilities that programs inherit',
    fixedIn: { '20.10': '20.10.14', '22.06': '22.06.0-beta.0' },
    source: 'GHSA-2mm7-x5h6-5pvq; moby 7f375bcff4, 2bbc786e4c',
  },
  {
    name: 'CVE-2022-36109',
    what: 'supplementary groups of a container are not set up as they should be',
    fixedIn: { '20.10': '20.10.18', '23.0': '23.0.0-beta.1' },
    source: 'GHSA-rc4r-wh2q-q6c4; moby bb0197c829, 50d3438b26',
  },
  {
    name: 'CVE-2023-28840',
    what: 'encrypted overlay networks take and send plain packets',
    fixedIn: { '20.10': '20.10.24', '23.0': '23.0.3' },
    source: 'GHSA-232p-vwff-86mp; moby 5d6db84223, 59118bff50',
  },
  {
    name: 'GHSA-jq35-85cj-fj4p',
    what: 'containers read the power measurements of the machine',
    fixedIn: { '20.10': '20.10.27', '23.0': '23.0.8', '24.0': '24.0.7' },
    source: 'GHSA-jq35-85cj-fj4p; moby 81ebe71275, 48ebe353e4, af608045ee',
  },
  {
    name: 'CVE-2024-24557',
    what: 'the cache of the classic builder can be poisoned',
    fixedIn: { '23.0': '23.0.10', '24.0': '24.0.9', '25.0': '25.0.2' },
    source: 'GHSA-xw73-rw38-6vjc; moby 79de67d989, fca702de7f, fce6e0ca9b',
  },
  {
    name: 'CVE-2024-29018',
    what: 'containers of an internal network can ask name servers outside it',
    fixedIn: { '23.0': '23.0.11', '25.0': '25.0.5', '26.0': '26.0.0-rc3' },
    source: 'GHSA-mq39-4gv4-mvpx; moby bed0abf9ca, e63daec867, 641e341eed',
  },
  {
    name: 'CVE-2024-32473',
    what: 'IPv6 stays on where it was turned off',
    since: '26.0.0',
    fixedIn: { '26.0': '26.0.2', '26.1': '26.1.0' },
    source: 'GHSA-x84c-p2g9-rqv9; moby 7cef0d9cd1, 82d8f8d6e6',
  },
  {
    name: 'CVE-2024-41110',
    what: 'a request can slip past an authorization plugin',
    fixedIn: { '23.0': '23.0.15', '25.0': '25.0.6', '26.1': '26.1.5', '27': '27.1.1' },
    source: 'GHSA-v23v-6jw2-98fq; moby 8798e4c0b6, ccfe0a41d4, 820cab90bc, 0835eaa5a1',
  },
  {
    name: 'CVE-2025-54410',
    what: 'a reload of firewalld takes away the isolation of bridge networks',
    fixedIn: { '25.0': '25.0.13', '28': '28.0.0' },
    source: 'GHSA-4vq8-7jfc-9cvp; moby 842a9c522a',
  },
  {
    name: 'CVE-2025-54388',
    what: 'a reload of firewalld opens published ports to other machines',
    since: '28.2.0',
    fixedIn: { '28': '28.3.3' },
    source: 'GHSA-x4rx-4gw3-53p4; moby bea959c7b7',
  },
  {
    name: 'CVE-2026-34040',
    what: 'a large request can slip past an authorization plugin',
    fixedIn: { '25.0': '25.0.16', '29': '29.3.1' },
    source: 'GHSA-x744-4wpc-v9h2; moby d2dbc05472, f78c987ad3',
  },
  {
    name: 'CVE-2026-33997',
    what: 'a plugin can get a privilege that nobody granted',
    fixedIn: { '25.0': '25.0.16', '29': '29.3.1' },
    source: 'GHSA-pxq6-2prw-chj9; moby 819a49f99e, 4013b6db2e',
  },
  {
    name: 'CVE-2026-41568',
    what: 'docker cp lets a container make files on the machine',
    fixedIn: { '25.0': '25.0.17', '29': '29.5.1' },
    source: 'GHSA-vp62-88p7-qqf5; moby 7a7dc016bf, af1613468c; docker/docs#25088',
  },
  {
    name: 'CVE-2026-41567',
    what: 'docker cp runs programs of a container as root of the machine',
    fixedIn: { '25.0': '25.0.17', '29': '29.5.1' },
    source: 'GHSA-x86f-5xw2-fm2r; moby f930df54d2, 06224f7ad0; docker/docs#25088',
  },
  {
    name: 'CVE-2026-42306',
    what: 'docker cp can be led to mount over another place of the machine',
    fixedIn: { '25.0': '25.0.17', '29': '29.5.1' },
    source: 'GHSA-rg2x-37c3-w2rh; moby d61e55a211, bb6a9b177d',
  },
  {
    name: 'CVE-2026-15788 to -15793',
    what: 'faults of BuildKit',
    fixedIn: { '29': '29.6.2' },
    source: 'getsolus/packages#9638, aerynOS/recipes#2011, from the release notes of 29.6.2',
  },
  {
    name: 'CVE-2026-17106',
    what: 'see the release notes of 29.7.1',
    fixedIn: { '29': '29.7.1' },
    source: 'getsolus/packages#9881, aerynOS/recipes#2157, from the release notes of 29.7.1',
  },
];
