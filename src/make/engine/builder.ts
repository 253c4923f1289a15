import { readBuildKitVersion } from './frontend-versions.ts';

/** What `docker buildx inspect` says of a builder. */
export interface Builder {
  readonly name: string;
  readonly driver: string;
  readonly nodes: readonly BuilderNode[];
  /** The lowest of its nodes; null where one of them does not say, or says nothing of use. */
  readonly buildkitVersion: string | null;
}

export interface BuilderNode {
  readonly name: string;
  /** Where it is: `tcp://board:1234`, `unix:///run/buildkit.sock`; the name of a context; null where it is not said. */
  readonly endpoint: string | null;
  /** `running`, `inactive`, `stopped`; null where it is not said. */
  readonly status: string | null;
  /** What buildx was told when it asked the node; null: nothing is wrong. */
  readonly error: string | null;
  /** GOARCH of the node itself; null while it is not running. */
  readonly native: string | null;
  /** Every architecture whose programs it runs, by emulation too. */
  readonly arches: readonly string[];
  readonly buildkitVersion: string | null;
}

/**
 * Reads what `docker buildx inspect` prints: `Name:` and `Driver:` once each, then a block for each node, which begins with `Name:` again and
 * has `BuildKit version:` (`Buildkit:` before buildx 0.13). BuildKit lists its own platform first (util/archutil, SupportedPlatforms); one
 * with a star is what somebody said with --platform that the node is for. null for any other text. Pure.
 */
export function readBuilder(stdout: string): Builder | null {
  const [head = '', ...rest] = stdout.split(/^Nodes:\s*$/mu);
  const name = field(head, 'Name');
  const driver = field(head, 'Driver');
  if (name === null || driver === null) return null;
  const blocks = rest
    .join('\n')
    .split(/^(?=Name:)/mu)
    .filter((block) => block.startsWith('Name:'));
  // Text without a list of nodes has what it says of one beside the builder's own.
  const nodes = (blocks.length === 0 ? [head] : blocks).map(readNode);
  return { name, driver, nodes, buildkitVersion: lowest(nodes.map(({ buildkitVersion }) => buildkitVersion)) };
}

function readNode(block: string): BuilderNode {
  const buildkit = field(block, 'BuildKit version') ?? field(block, 'Buildkit');
  const listed = (field(block, 'Platforms', true) ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '' && text !== '-');
  const archOf = (platform: string): string | null => /^linux\/([a-z0-9]+)/u.exec(platform)?.[1] ?? null;
  const arches = [...new Set(listed.map(archOf).filter((arch) => arch !== null))];
  const starred = listed.find((platform) => platform.endsWith('*'));
  return {
    name: field(block, 'Name') ?? '',
    endpoint: field(block, 'Endpoint'),
    status: field(block, 'Status'),
    error: field(block, 'Error', true),
    native: starred === undefined ? (arches[0] ?? null) : archOf(starred),
    arches,
    buildkitVersion: buildkit === null ? null : readBuildKitVersion(buildkit),
  };
}

/** The value behind `LABEL:` at the start of a line: one word, or all of the line. */
function field(text: string, label: string, whole = false): string | null {
  const value = new RegExp(`^${label}:[ \\t]+(.+?)[ \\t]*$`, 'mu').exec(text)?.[1] ?? null;
  return whole ? value : (value?.split(/\s+/u)[0] ?? null);
}

function lowest(versions: readonly (string | null)[]): string | null {
  const known = versions.filter((version) => version !== null);
  if (known.length === 0 || known.length < versions.length) return null;
  const numbers = (version: string): readonly number[] => version.split('.').map(Number);
  return known.reduce((least, each) => {
    const [[major = 0, minor = 0], [other = 0, others = 0]] = [numbers(each), numbers(least)];
    return major < other || (major === other && minor < others) ? each : least;
  });
}
