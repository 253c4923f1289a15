import { readdir, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { GitAccess } from '../../system/git/git-access.ts';
import { hostNames } from '../../system/http/host-names.ts';
import { request } from '../../system/http/http.ts';
import { trustOf } from '../../system/http/http-trust.ts';
import { CouldNotLook, type Look } from './asked.ts';

/** One server may be silent, and the next one gets its turn within the time of the check. */
const ANSWER_MS = 3_000;

/** Looks at the machine that we run on. @param leftovers what earlier runs left, from the room that knows them */
export function lookAround(
  env: Readonly<Record<string, string | undefined>>,
  ca: string | null,
  leftovers: Look['leftovers'],
): Look {
  return {
    text: (path) => unlessAbsent(readFile(path, 'utf8')),
    names: (folder) => unlessAbsent(readdir(folder)),
    gitUnchecked: async () => {
      const access = new GitAccess({ env });
      // The settings are read for the first repository that is asked.
      await access.environmentFor('https://example.invalid/');
      return access.unchecked();
    },
    nameFault: async (host) => {
      const names = hostNames({ env });
      return new Promise((resolve) => {
        names.lookup(host, {}, (fault) => {
          resolve(fault === null ? null : (fault.code ?? fault.message));
        });
      });
    },
    dateOf: async (url) => {
      const reach = { env, trust: await trustOf(env, ca), names: hostNames({ env }), logins: [] };
      const signal = AbortSignal.timeout(ANSWER_MS);
      const answer = await request(
        { url, method: 'HEAD', maxBytes: 1024, cut: true, firstByteMs: ANSWER_MS, signal },
        reach,
      );
      if ('fault' in answer) throw new CouldNotLook(`${new URL(url).host}: ${answer.reason}`);
      return { date: answer.headers['date'] ?? null, at: new Date() };
    },
    leftovers,
    kernelConfig: async () => {
      const packed = await unlessAbsent(readFile('/proc/config.gz'));
      return packed === null
        ? unlessAbsent(readFile(`/boot/config-${release()}`, 'utf8'))
        : gunzipSync(packed).toString();
    },
  };
}

async function unlessAbsent<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw cause;
  }
}
