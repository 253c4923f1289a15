import type { Asker } from '../requests/asker.ts';
import { digestOf, type Manifest } from '../requests/image-manifest.ts';
import { failed, fine, isPage, judged, wrongStatus, type Finding } from '../requests/outcome.ts';
import { get, imageFor, isVariable, manifestAt, openRepository, type Session } from '../requests/registry-session.ts';

/** A layer is read up to here: enough to measure, little enough for mirrors that count bytes. */
const LAYER_BYTES = 256 * 1024;

/**
 * An image: the manifest of its tag, with the token dance; that of the platform in its index; and the beginning of a layer
 * for the throughput. What has a digest must have it.
 *
 * @param reference with the registry's host: `docker.m.daocloud.io/library/golang:1.16`
 * @param platform `linux/arm64`
 */
export async function probeImage(reference: string, platform: string, asker: Asker): Promise<Finding> {
  const opened = openRepository(reference, asker);
  if (opened === null) return isVariable(reference);
  const { session, wanted } = opened;
  const what = `${session.repository}:${wanted}`;
  const top = await manifestAt(session, wanted, what);
  if (!('manifest' in top)) return top;
  const image = await imageFor(session, top, platform, what);
  return 'outcome' in image ? image : probeLayer(session, image, `${what} for ${platform}`);
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
