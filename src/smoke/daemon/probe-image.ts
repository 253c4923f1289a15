import { ApiError, type DockerApi } from './api.ts';
import { tarArchive } from './tar-archive.ts';

/** The image that containers are made from. */
export const IMAGE = 'moby-build-smoke:probe';

const IMPORT_MS = 30_000;

/**
 * Imports the probe as an image of one file and an empty `/data`, without any registry. Returns its id. Throws ApiError with the
 * daemon's words.
 */
export async function importProbeImage(api: DockerApi, probe: Uint8Array): Promise<string> {
  const archive = tarArchive([
    { name: 'probe', mode: 0o755, content: probe },
    { name: 'data/', mode: 0o755, content: new Uint8Array() },
  ]);
  const [repo = '', tag = ''] = IMAGE.split(':');
  const change = encodeURIComponent('ENTRYPOINT ["/probe"]');
  const path = `/images/create?fromSrc=-&repo=${repo}&tag=${tag}&changes=${change}`;
  const answer = await api.send({ method: 'POST', path, body: archive, timeoutMs: IMPORT_MS });
  // A failure after the first byte is told in the stream, with status 200.
  const text = answer.bytes.toString('utf8').trim();
  if (answer.status !== 200 || text.includes('"error"')) {
    throw new ApiError(`import: ${String(answer.status)} ${text.slice(0, 300)}`, answer.status);
  }
  return (await api.json<{ Id: string }>({ path: `/images/${IMAGE}/json` })).Id;
}
