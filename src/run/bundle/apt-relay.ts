import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathProblem } from '../../bundle/format/header.ts';
import { fileByHash, listedFiles, splitSuitePath, type ListedFile } from '../../bundle/apt/release.ts';
import type { Part, Parts, PartWriter, Served } from '../../bundle/make/parts.ts';
import { pathOfFileUrl } from '../../mirrors/catalogue/hostile.ts';
import type { Asker } from '../../mirrors/requests/asker.ts';
import { isPage } from '../../mirrors/requests/outcome.ts';

/** More than any InRelease has: of every other file the size is known. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The mirrors of one folder of a bundle, in the order in which they are asked. */
export interface AptMirrors {
  readonly bases: readonly string[];
  readonly mirror: string | null;
}

export interface AptRelay {
  /** `http://127.0.0.1:1234` */
  readonly base: string;
  /** Brings a file of a mirror into the folder, if it is not there with these bytes. @returns why not; null: it is there */
  readonly bring: (path: string, expected: Pick<ListedFile, 'sha256' | 'bytes'> | null) => Promise<string | null>;
  /** The indexes that were asked for, as paths in the bundle. */
  readonly asked: ReadonlySet<string>;
  /** Why apt did not get what it asked for: it sees a 404 only. Throws what failed on this machine (a full disk), and an interruption. */
  readonly faults: () => readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * A server on loopback between apt and the mirrors: what apt asks for goes into the folder of the bundle and is served from there. An InRelease is
 * asked for anew by each run: one that an earlier run left may have expired. What it lists must have the listed checksum, else the next mirror is
 * asked; its signature is apt's to check. Nothing else is served: every user of this machine can ask.
 *
 * @param roots by folder below `apt/`
 * @param suites that the sources name
 */
export async function startAptRelay(
  parts: Parts,
  asker: Asker,
  roots: ReadonlyMap<string, AptMirrors>,
  suites: readonly string[],
): Promise<AptRelay> {
  const asked = new Set<string>();
  const faults: string[] = [];
  const failures: unknown[] = [];
  const bring: AptRelay['bring'] = (path, expected) => bringFile(parts, asker, roots, path, expected);
  /** The file that a request means, and its checksum where its InRelease lists one. */
  const meant = async (path: string): Promise<{ path: string; expected: ListedFile | null } | null> => {
    const [, root = '', rest = ''] = /^([^/]+)\/(.+)$/u.exec(path) ?? [];
    const inSuite = roots.has(root) ? splitSuitePath(rest, suites) : null;
    if (inSuite === null) return null;
    if (inSuite.below === 'InRelease') return { path, expected: null };
    const release = `${root}/dists/${inSuite.suite}/InRelease`;
    if ((await parts.find(`apt/${release}`)) === null) return null;
    const files = listedFiles((await parts.read(`apt/${release}`)).toString('utf8'));
    const listed = fileByHash(inSuite.below, files) ?? files.find((file) => file.path === inSuite.below);
    return listed === undefined ? null : { path: `${root}/dists/${inSuite.suite}/${listed.path}`, expected: listed };
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const wanted = await meant(decodeURIComponent((request.url ?? '').replace(/^\//u, '')));
    const isKnown = wanted?.expected === null && parts.releases.has(`apt/${wanted.path}`);
    const fault = wanted === null || isKnown ? null : await bring(wanted.path, wanted.expected);
    if (fault !== null) faults.push(fault);
    const part = wanted === null || fault !== null ? null : await parts.find(`apt/${wanted.path}`);
    if (wanted === null || part === null) {
      response.writeHead(404).end();
      return;
    }
    asked.add(`apt/${wanted.path}`);
    if (wanted.expected === null) parts.releases.add(`apt/${wanted.path}`);
    response.writeHead(200, { 'content-length': part.bytes });
    createReadStream(parts.at(`apt/${wanted.path}`)).pipe(response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((cause: unknown) => {
      failures.push(cause);
      response.destroy();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.closeAllConnections();
      server.close(() => {
        closed();
      });
    });
  return {
    base: `http://127.0.0.1:${String(port)}`,
    bring,
    asked,
    faults: () => {
      if (failures.length > 0) throw failures[0];
      return faults;
    },
    close,
  };
}

/**
 * Brings a file of a mirror into a folder of parts, if it is not there with these bytes; the mirrors are asked one after the other.
 *
 * @param path below `apt/`: `debian/pool/…`; as an index names it, which may come from anybody
 * @returns why not; null: it is there
 */
export async function bringFile(
  parts: Parts,
  asker: Asker,
  roots: ReadonlyMap<string, AptMirrors>,
  path: string,
  expected: Pick<ListedFile, 'sha256' | 'bytes'> | null,
): Promise<string | null> {
  const at = `apt/${path}`;
  const problem = pathProblem(at);
  if (problem !== null) return `its path ${problem}`;
  const there = await parts.find(at);
  if (there !== null && expected !== null && isAs(there, expected)) return null;
  await parts.remove(at);
  const [, root = '', rest = ''] = /^([^/]+)\/(.+)$/u.exec(path) ?? [];
  const { bases = [], mirror = null } = roots.get(root) ?? {};
  const reasons: string[] = [];
  for (const base of bases) {
    const url = `${base.replace(/\/+$/u, '')}/${rest.replaceAll('%', '%25').replaceAll('+', '%2b')}`;
    const served = { url, mirror };
    const reason = base.startsWith('file:')
      ? await copy(parts, at, served, expected)
      : await download(parts, asker, at, served, expected);
    if (reason === null) return null;
    reasons.push(`${base}: ${reason}`);
  }
  return reasons.join('; ');
}

async function download(
  parts: Parts,
  asker: Asker,
  at: string,
  served: Served & { readonly url: string },
  expected: Pick<ListedFile, 'sha256' | 'bytes'> | null,
): Promise<string | null> {
  const writer = await parts.begin(at);
  const answer = await asker.download({ url: served.url, maxBytes: expected?.bytes ?? MOST_BYTES, into: writer });
  const failure = writer.failure();
  const fault =
    'fault' in answer ? answer.reason : answer.status === 200 ? null : `HTTP status ${String(answer.status)}`;
  const isPageOfPeople = !('fault' in answer) && expected === null && isPage(answer);
  if (failure === null && fault === null && !isPageOfPeople) return kept(parts, at, writer, served, expected);
  await writer.drop();
  if (failure !== null) throw failure;
  return fault ?? 'the answer is a page for people';
}

/** The same from a folder of this machine. */
async function copy(
  parts: Parts,
  at: string,
  served: Served & { readonly url: string },
  expected: Pick<ListedFile, 'sha256' | 'bytes'> | null,
): Promise<string | null> {
  const path = pathOfFileUrl(served.url) ?? '';
  const most = expected?.bytes ?? MOST_BYTES;
  const facts = await stat(path).catch((cause: unknown) => cause as NodeJS.ErrnoException);
  if (facts instanceof Error)
    return facts.code === 'ENOENT' ? 'it is not there' : `it cannot be read (${facts.code ?? ''})`;
  // A pipe would be waited for without end.
  if (!facts.isFile()) return 'it is no file';
  if (facts.size > most) return 'it is not what the suite lists';
  const writer = await parts.begin(at);
  try {
    for await (const chunk of createReadStream(path, { end: most })) writer.write(chunk as Uint8Array);
  } catch (cause) {
    await writer.drop();
    const failure = writer.failure();
    if (failure !== null) throw failure;
    return `it cannot be read (${(cause as NodeJS.ErrnoException).code ?? ''})`;
  }
  return kept(parts, at, writer, served, expected);
}

/** Keeps what the suite lists, and nothing else. @returns null: it is kept */
async function kept(
  parts: Parts,
  at: string,
  writer: PartWriter,
  served: Served,
  expected: Pick<ListedFile, 'sha256' | 'bytes'> | null,
): Promise<string | null> {
  if (isAs(writer.sum(), expected)) {
    await parts.keep(at, writer, served);
    return null;
  }
  await writer.drop();
  return 'it is not what the suite lists';
}

function isAs(part: Part, expected: Pick<ListedFile, 'sha256' | 'bytes'> | null): boolean {
  return expected === null || (part.sha256 === expected.sha256 && part.bytes === expected.bytes);
}
