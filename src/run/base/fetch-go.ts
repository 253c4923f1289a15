import { readFileSync } from 'node:fs';
import { recordedSums, type ReadDatabase } from '../../base/golang/checksum-database.ts';
import { TOOLCHAIN, ToolchainFault, toolchainFiles, toolchainVersion, zipSum } from '../../base/golang/toolchain.ts';
import type { Parts } from '../../bundle/make/parts.ts';
import type { Asker } from '../../mirrors/requests/asker.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Io } from '../stage/io.ts';

/** A release is 60 to 180 MB. */
const MOST_BYTES = 400 * 1024 * 1024;
/** A tile has 8 kB. */
const MOST_OF_DATABASE = 64 * 1024;

/** Which Go, and who is asked for it and for its sum: URLs without a slash at the end, in their order. */
export interface AskedGo {
  readonly go: string;
  /** GOARCH. */
  readonly arch: string;
  readonly proxies: readonly string[];
  readonly databases: readonly string[];
}

export interface FetchedGo {
  /** Where the zip lies. */
  readonly zip: string;
  readonly version: string;
  readonly sum: string;
  /** Who served it. */
  readonly url: string | null;
}

/**
 * A release of Go from the module proxies, checked against Go's checksum database: its signature, and that the record stands in it. What was checked once is
 * not checked again, as long as its bytes are the same.
 *
 * @returns or why nobody's is believed
 */
export async function fetchGo(
  parts: Parts,
  asker: Asker,
  io: Pick<Io, 'say'>,
  { go, arch, proxies, databases }: AskedGo,
): Promise<FetchedGo | { readonly reason: string }> {
  const version = toolchainVersion(go, arch);
  const path = `go/${TOOLCHAIN}/@v/${version}.zip`;
  const known = await checkedBefore(parts, path);
  if (known !== null) return { zip: parts.at(path), version, sum: known, url: parts.servedBy(path).url };
  const sums = await recordedSums(`${TOOLCHAIN}@${version}`, databaseOf(asker, databases));
  if ('reason' in sums) return { reason: sums.reason };
  const wanted = sums.get(version);
  if (wanted === undefined) return { reason: 'the checksum database names no sum of it' };
  const reasons: string[] = [];
  for (const proxy of proxies) {
    const url = `${proxy}/${TOOLCHAIN}/@v/${version}.zip`;
    io.say(MESSAGES.fetchingModules(`Go ${go}`));
    const reason = await download(parts, asker, path, url);
    const sum = reason === null ? sumOf(parts.at(path), version) : null;
    if (sum === wanted) {
      const { sha256 } = (await parts.find(path)) ?? { sha256: '' };
      await parts.put(`${path}.checked`, Buffer.from(`${sha256} ${sum}\n`), { mirror: null, url });
      return { zip: parts.at(path), version, sum, url };
    }
    await parts.remove(path);
    reasons.push(`${proxy}: ${reason ?? 'it is not what the checksum database names'}`);
  }
  return { reason: reasons.join('; ') || 'no module proxy is known' };
}

/** The releases that a proxy lists of the same minor version, the newest last; none where nobody lists them. */
export async function otherReleases(asker: Asker, { go, arch, proxies }: AskedGo): Promise<readonly string[]> {
  const [minor = go] = /^\d+\.\d+/u.exec(go) ?? [];
  for (const proxy of proxies) {
    const answer = await asker.download({ url: `${proxy}/${TOOLCHAIN}/@v/list`, maxBytes: MOST_OF_DATABASE * 16 });
    if ('fault' in answer || answer.status !== 200) continue;
    const lines = Buffer.from(answer.body).toString('utf8').split('\n');
    const found = lines.flatMap((line) => {
      const [, release] = /^v0\.0\.1-go(\d+\.\d+(?:\.\d+)?)\.linux-(\w+)$/u.exec(line) ?? [];
      return release !== undefined &&
        line.endsWith(`-${arch}`) &&
        (release === minor || release.startsWith(`${minor}.`))
        ? [release]
        : [];
    });
    if (found.length > 0) return found.sort((a, b) => Number(a.split('.')[2] ?? 0) - Number(b.split('.')[2] ?? 0));
  }
  return [];
}

async function checkedBefore(parts: Parts, path: string): Promise<string | null> {
  if ((await parts.find(`${path}.checked`)) === null) return null;
  const [sha256, sum = ''] = (await parts.read(`${path}.checked`)).toString('utf8').trim().split(' ');
  const there = await parts.find(path);
  return there?.sha256 === sha256 && sum !== '' ? sum : null;
}

function databaseOf(asker: Asker, places: readonly string[]): ReadDatabase {
  return async (path) => {
    for (const place of places) {
      const answer = await asker.download({ url: `${place}/${path}`, maxBytes: MOST_OF_DATABASE });
      if (!('fault' in answer) && answer.status === 200) return Buffer.from(answer.body);
    }
    return null;
  };
}

async function download(parts: Parts, asker: Asker, path: string, url: string): Promise<string | null> {
  const writer = await parts.begin(path);
  const answer = await asker.download({ url, maxBytes: MOST_BYTES, into: writer });
  const failure = writer.failure();
  const fault =
    'fault' in answer ? answer.reason : answer.status === 200 ? null : `HTTP status ${String(answer.status)}`;
  if (failure === null && fault === null) {
    await parts.keep(path, writer, { mirror: null, url });
    return null;
  }
  await writer.drop();
  if (failure !== null) throw failure;
  return fault;
}

function sumOf(zip: string, version: string): string | null {
  const files: (readonly [string, string])[] = [];
  try {
    // Nothing is kept of a file but its sum.
    for (const entry of toolchainFiles(readFileSync(zip), version, (...file) => files.push(file)))
      if (entry.path === '') break;
    return zipSum(files);
  } catch (cause) {
    if (cause instanceof ToolchainFault) return null;
    throw cause;
  }
}
