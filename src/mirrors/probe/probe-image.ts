import type { HttpAnswer } from '../../system/http.ts';
import { parseImageReference } from '../image-reference.ts';
import type { Asker } from './asker.ts';
import { tokenIn, tokenSource } from './bearer.ts';
import { digestOf, MANIFEST_TYPES, parseManifest, platformOf, type Manifest } from './image-manifest.ts';
import { failed, fine, isPage, judged, unmeasured, wrongStatus, type Finding } from './outcome.ts';

/** A layer is read up to here: enough to measure, little enough for mirrors that count bytes. */
const LAYER_BYTES = 256 * 1024;
const MANIFEST_BYTES = 1024 * 1024;

/** A registry that is asked for one repository, with the token that it wanted. */
interface Session {
  /** `https://registry.example/v2/library/golang` */
  readonly at: string;
  readonly scope: string;
  readonly asker: Asker;
  token: string | null;
}

/**
 * An image: the manifest of its tag, with the token dance; that of the platform in its index; and the beginning of a layer
 * for the throughput. What has a digest must have it.
 *
 * @param reference with the registry's host: `docker.m.daocloud.io/library/golang:1.16`
 * @param platform `linux/arm64`
 */
export async function probeImage(reference: string, platform: string, asker: Asker): Promise<Finding> {
  const parsed = parseImageReference(reference);
  if (parsed === null) return unmeasured('not-asked', `${reference} is a variable`);
  const { host, repository, suffix } = parsed;
  const named = /@(sha256:[0-9a-f]{64})$/u.exec(suffix)?.[1];
  const tag = named ?? (suffix === '' ? 'latest' : suffix.slice(1));
  const at = `${registryOf(host)}/v2/${repository}`;
  const session: Session = { at, scope: `repository:${repository}:pull`, asker, token: null };
  const what = `${repository}:${tag}`;
  const top = await manifestAt(session, tag, what);
  if (!('manifest' in top)) return top;
  if (top.manifest.is === 'image') return probeSingle(session, top.answer, top.manifest, platform, what);
  const mine = top.manifest.platforms.find((each) => each.platform === platform);
  if (mine === undefined) {
    const others = top.manifest.platforms.map((each) => each.platform).filter((each) => !each.startsWith('unknown'));
    return judged(top.answer, 'wrong-content', `${what} has no ${platform} (it has ${others.join(', ')})`);
  }
  const own = await manifestAt(session, mine.digest, `${what} for ${platform}`);
  if (!('manifest' in own)) return own;
  if (own.manifest.is === 'index') return judged(own.answer, 'wrong-content', `${what}: an index in an index`);
  return probeLayer(session, own.manifest, `${what} for ${platform}`);
}

/** docker takes a registry on loopback without TLS, any other with it. */
function registryOf(host: string): string {
  if (host === 'docker.io') return 'https://registry-1.docker.io';
  const plain = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/u.test(host);
  return `${plain ? 'http' : 'https'}://${host}`;
}

/** A tag that is one image and no index says in its configuration what it is for. */
async function probeSingle(
  session: Session,
  answer: HttpAnswer,
  manifest: Extract<Manifest, { is: 'image' }>,
  platform: string,
  what: string,
): Promise<Finding> {
  const config = await get(session, `blobs/${manifest.config}`, MANIFEST_BYTES, false);
  if (!('status' in config)) return failed(config, `${what} configuration`);
  const wrong = wrongStatus(config, `${what} configuration`);
  if (wrong !== null) return wrong;
  if (digestOf(config.body) !== manifest.config)
    return judged(config, 'wrong-content', `${what}: its configuration is not what its digest says`);
  const is = platformOf(config.body);
  if (is !== platform)
    return judged(answer, 'wrong-content', `${what} is for ${is ?? 'nobody knows what'}, not ${platform}`);
  return probeLayer(session, manifest, `${what} for ${platform}`);
}

async function probeLayer(
  session: Session,
  { layers }: Extract<Manifest, { is: 'image' }>,
  what: string,
): Promise<Finding> {
  const enough = layers.find(({ size }) => size >= LAYER_BYTES);
  const layer = enough ?? layers.toSorted((a, b) => b.size - a.size)[0];
  const answer = await get(session, `blobs/${layer?.digest ?? ''}`, LAYER_BYTES, true);
  if (!('status' in answer)) return failed(answer, `${what}, a layer`);
  const wrong = wrongStatus(answer, `${what}, a layer`);
  if (wrong !== null) return wrong;
  if (isPage(answer)) return judged(answer, 'wrong-content', `${what}: a layer is a page for people`);
  const whole = answer.body.length === layer?.size;
  if (whole && digestOf(answer.body) !== layer.digest)
    return judged(answer, 'wrong-content', `${what}: a layer is not what its digest says`);
  if (!whole && answer.body.length < LAYER_BYTES)
    return judged(answer, 'wrong-content', `${what}: a layer is shorter than its manifest says`);
  return fine(answer, what);
}

async function manifestAt(
  session: Session,
  reference: string,
  what: string,
): Promise<Finding | { readonly answer: HttpAnswer; readonly manifest: Manifest }> {
  const answer = await get(session, `manifests/${reference}`, MANIFEST_BYTES, false);
  if (!('status' in answer)) return failed(answer, what);
  if (answer.status === 401) return judged(answer, 'wrong-status', `${what}: it wants a login`);
  const wrong = wrongStatus(answer, what);
  if (wrong !== null) return wrong;
  const manifest = parseManifest(answer.body);
  if (manifest === null) {
    const seen = isPage(answer) ? 'the answer is a page for people' : 'the answer is no manifest';
    return judged(answer, 'wrong-content', `${what}: ${seen}`);
  }
  const said = reference.startsWith('sha256:') ? reference : answer.headers['docker-content-digest'];
  if (said?.startsWith('sha256:') === true && said !== digestOf(answer.body))
    return judged(answer, 'wrong-content', `${what}: its manifest is not what its digest says`);
  return { answer, manifest };
}

/** A GET below the repository; one answer 401 is met with the token that it asks for. */
async function get(session: Session, path: string, maxBytes: number, cut: boolean): ReturnType<Asker['ask']> {
  const { asker } = session;
  const wish = (token: string | null): Parameters<Asker['ask']>[0] => ({
    url: `${session.at}/${path}`,
    headers: { accept: MANIFEST_TYPES, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    maxBytes,
    cut,
  });
  const first = await asker.ask(wish(session.token));
  if ('fault' in first || first.status !== 401 || session.token !== null) return first;
  const source = tokenSource(first.headers['www-authenticate'] ?? '', session.scope);
  if (source === null) return first;
  const answer = await asker.ask({ url: source.url, maxBytes: 64 * 1024 });
  if ('fault' in answer) return { ...answer, reason: `the server of its tokens: ${answer.reason}` };
  session.token = tokenIn(answer.body);
  return session.token === null ? first : asker.ask(wish(session.token));
}
