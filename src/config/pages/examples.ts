import type { CommandName } from '../options/option.ts';

/** A line to copy, without the program's name, and what it is for. */
export interface Example {
  readonly words: readonly string[];
  readonly does: string;
}

/** Shown by `--help` of the program and of the command. A test reads each of them with the parser. */
export const EXAMPLES: Readonly<Record<CommandName, readonly Example[]>> = {
  build: [
    { words: ['--arch', 'arm64'], does: 'v20.10.12 for arm64, into ./moby-v20.10.12-linux-arm64' },
    { words: ['--ref', 'v27.5.1', '--profile', 'cn', '--with-deps'], does: 'another tag, through mirrors in China' },
    { words: ['build', '--dry-run'], does: 'show what would be done' },
  ],
  matrix: [
    { words: ['matrix', '--refs', 'v20.10.2*', '--arches', 'amd64,arm64', '--dry-run'], does: 'show every cell' },
    { words: ['matrix', '--refs', 'v27.5.1..v28.0.4', '--builder', 'one,two'], does: 'build on two builders' },
  ],
  patch: [
    { words: ['patch', '--source', '.', '--profile', 'cn'], does: 'the patch set for this clone, for git am' },
    { words: ['patch', '--ref', 'v24.0.9', '--out', 'patches'], does: 'numbered files with a series file' },
  ],
  audit: [
    { words: ['audit', '--ref', 'v27.5.1'], does: 'each egress point, and how it is covered' },
    { words: ['audit', '--hosts'], does: 'the hosts that a firewall has to let through' },
    { words: ['audit', '--ref', 'v27.5.1..docker-v29.0.1'], does: 'what changed between two tags' },
  ],
  mirrors: [
    { words: ['mirrors', 'list', '--kind', 'apt'], does: 'the mirrors that are known' },
    { words: ['mirrors', 'probe', '--save', 'mine.yaml'], does: 'measure them; keep the best for --profile mine.yaml' },
  ],
  verify: [
    { words: ['verify', 'moby-v20.10.12-linux-arm64'], does: 'check what a build wrote' },
    { words: ['verify', 'moby', '--provenance', 'provenance.json'], does: 'also against a statement of provenance' },
    { words: ['verify', 'docker-20.10.12.tgz', '--key', 'minisign.pub'], does: 'a package, signed by this key' },
  ],
  sign: [{ words: ['sign', 'moby-v20.10.12-linux-arm64', '--key', 'minisign.key'], does: 'sign on another machine' }],
  provenance: [{ words: ['provenance', 'moby-v20.10.12-linux-arm64'], does: 'the statement; keep it with > FILE' }],
  sbom: [
    { words: ['sbom', 'moby-v20.10.12-linux-arm64'], does: 'as CycloneDX; keep it with > FILE' },
    { words: ['sbom', 'moby-v20.10.12-linux-arm64', '--format', 'spdx'], does: 'as SPDX' },
  ],
  compare: [
    { words: ['compare', 'monday/moby', 'tuesday/moby'], does: 'whether two builds gave the same bytes; else why not' },
    { words: ['compare', 'a/manifest.json', 'b/manifest.json'], does: 'the same from the manifests alone' },
  ],
  smoke: [
    { words: ['smoke', 'moby-v20.10.12-linux-amd64'], does: 'start this dockerd and check it (as root)' },
    { words: ['smoke', '--list'], does: 'the checks' },
  ],
  pack: [
    { words: ['pack', 'moby-v20.10.12-linux-amd64', '--format', 'deb'], does: 'a package for Debian and Ubuntu' },
    { words: ['pack', 'moby-v20.10.12-linux-amd64', '--cli', 'docker'], does: 'archives, with a docker client' },
  ],
  doctor: [
    { words: ['doctor', '--ref', 'v27.5.1', '--arch', 'arm64'], does: 'what this build needs of this machine' },
    { words: ['doctor', '--fix'], does: 'install the packages that are missing' },
    { words: ['doctor', '--share'], does: 'a report for an issue, without names and paths' },
  ],
  cache: [
    { words: ['cache', 'ls'], does: 'what the store of sources holds' },
    { words: ['cache', 'prune', '--older-than', '30', '--yes'], does: 'remove what no run used for a month' },
  ],
  bundle: [
    {
      words: ['bundle', 'create', '--ref', 'v29.4.0', '--arch', 'arm64', '--out', 'moby.tar'],
      does: 'fetch all that this build needs, into one file',
    },
    { words: ['bundle', 'serve', 'moby.tar'], does: 'be the registry and every mirror of a site without network' },
    { words: ['bundle', 'ls', 'moby.tar'], does: 'what a bundle holds, and for which builds' },
    { words: ['bundle', 'verify', 'moby.tar'], does: 'read all of it, and name each damaged or missing part' },
    { words: ['bundle', 'diff', 'old.tar', 'moby.tar'], does: 'which objects differ' },
  ],
  clean: [
    { words: ['clean'], does: 'show what earlier runs left' },
    { words: ['clean', '--yes'], does: 'remove it' },
  ],
  report: [
    { words: ['report'], does: 'the newest run, as Markdown' },
    { words: ['report', '--report', 'build.html'], does: 'the same as one HTML page' },
    { words: ['report', 'build.log'], does: 'the steps of a log' },
  ],
  explain: [
    { words: ['explain', 'build.log'], does: 'the likeliest causes, with their lines and the next command' },
    { words: ['explain', 'MB-151'], does: 'what a code means, with an example' },
  ],
  completion: [{ words: ['completion', 'bash'], does: 'the script; --help says how a shell reads it' }],
  config: [
    { words: ['config', 'show', '--profile', 'cn'], does: 'each setting of such a run, and where it comes from' },
    { words: ['config', 'init', '--yes'], does: 'write moby-build.yaml, with a comment on each setting' },
    { words: ['config', 'schema'], does: 'the JSON Schema of the file, for editors' },
  ],
};
