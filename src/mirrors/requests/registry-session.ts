import type { BodySink, HttpAnswer } from '../../system/http/http.ts';
import { SPEAKS_PLAIN, type HttpFailure } from '../../system/http/http-fault.ts';
import { parseImageReference } from '../../image-reference.ts';
import type { Asker } from './asker.ts';
import { tokenIn, tokenSource } from './bearer.ts';
import { digestOf, MANIFEST_TYPES, parseManifest, platformOf, type Manifest } from './image-manifest.ts';
import { failed, isPage, judged, unmeasured, wrongStatus, type Finding } from './outcome.ts';

const MANIFEST_BYTES = 1024 * 1024;

/** A registry that is asked for one repository, with the token that it wanted. */
export interface Session {
  /** `https://registry.example/v2/library/golang`; by http once it was seen to speak that, where the engine takes it so. */
  at: string;
  readonly scope: string;
  /** `library/golang`, for what is told. */
  readonly repository: string;
  readonly asker: Asker;
  token: string | null;
}

/** A manifest, the answer that it came in, and what it hashes to. */
export interface Found {
  readonly answer: HttpAnswer;
  readonly manifest: Manifest;
  readonly digest: string;
}

/**
 * Opens nothing yet; says where the reference is.
 * @param reference with the registry's host: `docker.m.daocloud.io/library/golang:1.16`
 * @returns null for a name that is a variable. `wanted`: the digest, else the tag
 */
export function openRepository(
  reference: string,
  asker: Asker,
): { readonly session: Session; readonly wanted: string } | null {
  const parsed = parseImageReference(reference);
  if (parsed === null) return null;
  const { host, repository, suffix } = parsed;
  const digest = /@(sha256:[0-9a-f]{64})$/u.exec(suffix)?.[1];
  const at = `${registryOf(host)}/v2/${repository}`;
  const session: Session = { at, scope: `repository:${repository}:pull`, repository, asker, token: null };
  return { session, wanted: digest ?? (suffix === '' ? 'latest' : suffix.slice(1)) };
}

/** docker takes a registry on loopback without TLS, any other with it. */
function registryOf(host: string): string {
  if (host === 'docker.io') return 'https://registry-1.docker.io';
  const plain = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/u.test(host);
  return `${plain ? 'http' : 'https'}://${host}`;
}

/** A registry without TLS is one that an engine takes only where it is told to (dockerd(8), --insecure-registry). */
function withEnginesWay(failure: HttpFailure, { at }: Session): HttpFailure {
  if (failure.reason !== SPEAKS_PLAIN) return failure;
  const { host } = new URL(at);
  const way = `the engine pulls from it with "insecure-registries": ["${host}"] in /etc/docker/daemon.json, a builder of its own with [registry."${host}"] http = true in buildkitd.toml`;
  return { ...failure, reason: `${failure.reason}; ${way}` };
}

/** docker asks an insecure registry by https first, then by http (moby, registry/service_v2.go). */
async function getEitherWay(session: Session, path: string): ReturnType<Asker['ask']> {
  const answer = await get(session, path, MANIFEST_BYTES, false);
  const { protocol, host } = new URL(session.at);
  const isPlain = 'reason' in answer && answer.reason === SPEAKS_PLAIN && protocol === 'https:';
  if (!isPlain || !session.asker.takesPlain(host)) return answer;
  session.at = session.at.replace(/^https:/u, 'http:');
  return get(session, path, MANIFEST_BYTES, false);
}

/** The manifest of a tag or a digest. Its content is held against every digest that is said of it. */
export async function manifestAt(session: Session, reference: string, what: string): Promise<Finding | Found> {
  const answer = await getEitherWay(session, `manifests/${reference}`);
  if (!('status' in answer)) return failed(withEnginesWay(answer, session), what);
  const wrong = wrongStatus(answer, what);
  if (wrong !== null) return wrong;
  const manifest = parseManifest(answer.body);
  if (manifest === null) {
    const seen = isPage(answer) ? 'the answer is a page for people' : 'the answer is no manifest';
    return judged(answer, 'wrong-content', `${what}: ${seen}`);
  }
  const digest = digestOf(answer.body);
  const said = reference.startsWith('sha256:') ? reference : answer.headers['docker-content-digest'];
  if (said?.startsWith('sha256:') === true && said !== digest)
    return judged(answer, 'wrong-content', `${what}: its manifest is not what its digest says`);
  return { answer, manifest, digest };
}

/** What a tag has for one platform: its own manifest, checked. */
export async function imageFor(
  session: Session,
  top: Found,
  platform: string,
  what: string,
): Promise<Finding | Extract<Manifest, { is: 'image' }>> {
  if (top.manifest.is === 'image') return single(session, top, top.manifest, platform, what);
  const mine = top.manifest.platforms.find((each) => each.platform === platform);
  if (mine === undefined) {
    const others = top.manifest.platforms.map((each) => each.platform).filter((each) => !each.startsWith('unknown'));
    return judged(top.answer, 'wrong-content', `${what} has no ${platform} (it has ${others.join(', ')})`);
  }
  const own = await manifestAt(session, mine.digest, `${what} for ${platform}`);
  if (!('manifest' in own)) return own;
  if (own.manifest.is === 'index') return judged(own.answer, 'wrong-content', `${what}: an index in an index`);
  return own.manifest;
}

/** A tag that is one image and no index says in its configuration what it is for. */
async function single(
  session: Session,
  { answer }: Found,
  manifest: Extract<Manifest, { is: 'image' }>,
  platform: string,
  what: string,
): Promise<Finding | Extract<Manifest, { is: 'image' }>> {
  const config = await get(session, `blobs/${manifest.config}`, MANIFEST_BYTES, false);
  if (!('status' in config)) return failed(config, `${what} configuration`);
  const wrong = wrongStatus(config, `${what} configuration`);
  if (wrong !== null) return wrong;
  if (digestOf(config.body) !== manifest.config)
    return judged(config, 'wrong-content', `${what}: its configuration is not what its digest says`);
  const is = platformOf(config.body);
  if (is === platform) return manifest;
  return judged(answer, 'wrong-content', `${what} is for ${is ?? 'nobody knows what'}, not ${platform}`);
}

/** A GET below the repository; one answer 401 is met with the token that it asks for. */
export async function get(session: Session, path: string, maxBytes: number, cut: boolean): ReturnType<Asker['ask']> {
  return withToken(session, path, (headers, url) => session.asker.ask({ url, headers, maxBytes, cut }));
}

/**
 * A blob, whole, into a sink: what it hashes to is for the caller to judge. A token that has run out since is asked for anew.
 *
 * @param maxBytes what the manifest says that it has
 */
export async function downloadBlob(
  session: Session,
  digest: string,
  maxBytes: number,
  into: BodySink,
): ReturnType<Asker['ask']> {
  const once = (): ReturnType<Asker['ask']> =>
    withToken(session, `blobs/${digest}`, (headers, url) => session.asker.download({ url, headers, maxBytes, into }));
  const first = await once();
  if ('fault' in first || first.status !== 401 || session.token === null) return first;
  session.token = null;
  return once();
}

async function withToken(
  session: Session,
  path: string,
  ask: (headers: Readonly<Record<string, string>>, url: string) => ReturnType<Asker['ask']>,
): ReturnType<Asker['ask']> {
  const { asker } = session;
  const asked = (token: string | null): ReturnType<Asker['ask']> =>
    ask(
      { accept: MANIFEST_TYPES, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      `${session.at}/${path}`,
    );
  const first = await asked(session.token);
  if ('fault' in first || first.status !== 401 || session.token !== null) return first;
  const source = tokenSource(first.headers['www-authenticate'] ?? '', session.scope);
  if (source === null) return first;
  const answer = await asker.ask({ url: source.url, loginOf: session.at, maxBytes: 64 * 1024 });
  if ('fault' in answer) return { ...answer, reason: `the server of its tokens: ${answer.reason}` };
  session.token = tokenIn(answer.body);
  return session.token === null ? first : asked(session.token);
}

/** What is told of a reference that is a variable. */
export function isVariable(reference: string): Finding {
  return unmeasured('not-asked', `${reference} is a variable`);
}
