import type { Asker } from '../requests/asker.ts';
import { failed, fine, isPage, judged, wrongStatus, type Finding } from '../requests/outcome.ts';

/** A download is read up to here: enough to measure. */
const FILE_BYTES = 256 * 1024;

/** A download: its beginning. A page for people is refused where the URL does not name one. */
export async function probeFile(url: string, asker: Asker): Promise<Finding> {
  const what = url.slice(url.lastIndexOf('/') + 1);
  const answer = await asker.ask({ url, maxBytes: FILE_BYTES, cut: true });
  if ('fault' in answer) return failed(answer, what);
  const wrong = wrongStatus(answer, what);
  if (wrong !== null) return wrong;
  if (isPage(answer) && !/\.html?$/u.test(url))
    return judged(answer, 'wrong-content', `${what}: the answer is a page for people`);
  return fine(answer, what);
}
