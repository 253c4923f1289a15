import {
  failed,
  isPage,
  judged,
  rate,
  unmeasured,
  wrongStatus,
  type Finding,
  type Outcome,
} from '../mirrors/requests/outcome.ts';
import type { Asker } from '../mirrors/requests/asker.ts';
import { EXIT, MobyBuildError } from '../errors.ts';
import { runGit } from '../system/git/git.ts';
import { makeTempDir } from '../system/files/temp-dir.ts';
import type { HttpAnswer } from '../system/http/http.ts';
import { advertisedRefs, refOf } from './advertised-refs.ts';
import { classifyFetchFailure, type FetchFailure, type FetchOutcome } from './fetch-outcome.ts';
import { readProgress } from './fetch-progress.ts';

/** The smallest components are some hundred kilobytes; what sends so much more is not one of them. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Who takes this much time for so little would take hours for the rest (git-config(1), http.lowSpeedLimit). */
const LOW_SPEED = ['-c', 'http.lowSpeedLimit=1000', '-c', 'http.lowSpeedTime=5'];

const OUTCOME_OF: Readonly<Record<Exclude<FetchOutcome, 'ok'>, Exclude<Outcome, 'ok'>>> = {
  'no-such-ref': 'wrong-content',
  'no-singles': 'wrong-content',
  'not-git': 'wrong-content',
  refused: 'wrong-status',
  unreachable: 'refused',
  'too-slow': 'too-slow',
  'broke-off': 'wrong-content',
  broken: 'wrong-content',
  'other-commit': 'wrong-content',
  'disk-full': 'refused',
  unknown: 'refused',
};

/**
 * git: what the server says of itself, then a real shallow fetch of the commit, into a directory that is removed.
 *
 * @param ref a commit id, which is checked; a tag; or null to look at what the server says only
 */
export async function probeRepository(url: string, ref: string | null, asker: Asker): Promise<Finding> {
  // git alone reads a folder, or by ssh.
  if (!/^https?:/iu.test(url))
    return asker.inTurn(url, () => (ref === null ? listed(url, asker) : fetchOnce(url, ref, null, asker)));
  const head = await asker.ask({
    url: `${url}/info/refs?service=git-upload-pack`,
    // Protocol 2 answers with capabilities; the list of all refs of a large repository would be megabytes.
    headers: { 'git-protocol': 'version=2' },
    maxBytes: 256 * 1024,
    cut: true,
  });
  if ('fault' in head) return failed(head, 'info/refs');
  const wrong = wrongStatus(head, 'info/refs');
  if (wrong !== null) return wrong;
  if (isListOfRefs(head)) return asker.inTurn(url, () => ofPlainFiles(url, ref, head, asker));
  if (!/^application\/x-git-upload-pack-advertisement/u.test(head.headers['content-type'] ?? '')) {
    const seen = isPage(head) ? 'a page for people' : `${head.headers['content-type'] ?? 'nothing known'}, not git`;
    return judged(head, 'wrong-content', `info/refs: the answer is ${seen}`);
  }
  if (ref === null) return answered(head);
  return asker.inTurn(url, () => fetchOnce(url, ref, head, asker));
}

/** `info/refs` as a web server of plain files has it (gitprotocol-http(5), dumb server response). */
function isListOfRefs({ body }: HttpAnswer): boolean {
  return /^[0-9a-f]{40}\t\S/u.test(Buffer.from(body.subarray(0, 64)).toString('latin1'));
}

/** Such a server gives every file of the repository, and a commit only with all that came before it: nothing is fetched of it here. */
async function ofPlainFiles(url: string, ref: string | null, head: HttpAnswer, asker: Asker): Promise<Finding> {
  const reason = 'plain files over HTTP: hands out no single commits, all history comes with one';
  const plain = { ...answered(head), reason, singles: false } as const;
  if (ref === null) return plain;
  const named = await nameOfCommit(url, ref, asker);
  if ('outcome' in named) return judgedGit(head, OUTCOME_OF[named.outcome], named.reason);
  return { ...plain, reason: `${reason}; ${named.words}` };
}

/** Under which tag or branch a server has a commit or a tag. */
async function nameOfCommit(
  url: string,
  ref: string,
  asker: Asker,
): Promise<FetchFailure | { readonly name: string | null; readonly words: string }> {
  const refs = await advertisedRefs('/', { access: asker.access, url }, Math.max(1, asker.leftMs()));
  if ('outcome' in refs) return refs;
  const named = isCommit(ref) ? refOf(refs, ref) : refs.find(({ name }) => name.endsWith(`/${ref}`));
  if (named !== undefined)
    return { name: named.name, words: `${ref.slice(0, 12)} is ${named.name.replace('refs/', '')}` };
  if (!isCommit(ref)) return { outcome: 'no-such-ref', reason: `it has no ${ref}` };
  return { name: null, words: `no tag or branch is ${ref.slice(0, 12)}` };
}

function isCommit(ref: string): boolean {
  return /^[0-9a-f]{40}$/u.test(ref);
}

/** The commit by the tag or branch that is it; where none is, the server was seen and the commit was not. */
async function fetchByName(url: string, ref: string, head: HttpAnswer | null, asker: Asker): Promise<Finding> {
  const reason = 'hands out no single commits';
  const named = await nameOfCommit(url, ref, asker);
  if ('outcome' in named) return judgedGit(head, OUTCOME_OF[named.outcome], named.reason);
  const singles = { singles: false } as const;
  if (named.name === null)
    return { ...answered(head), ...singles, reason: `${reason}; ${named.words}, so all history is fetched` };
  const found = await fetchOnce(url, named.name, head, asker);
  if (found.outcome !== 'ok') return found;
  const came = found.reason === `commit ${ref.slice(0, 12)}`;
  return came
    ? { ...found, ...singles, reason: `${found.reason} as ${named.name.replace('refs/', '')}; ${reason}` }
    : judgedGit(head, 'wrong-content', `${found.reason} came for ${ref.slice(0, 12)}`);
}

/** What a repository that is not asked by HTTP says of itself. */
async function listed(url: string, asker: Asker): Promise<Finding> {
  const { exitCode, stderr, timedOut } = await runGit('/', ['ls-remote', '--quiet', url, 'HEAD'], {
    allowFailure: true,
    timeoutMs: asker.leftMs(),
    remote: { access: asker.access, url },
  });
  if (exitCode === 0 && !timedOut) return answered(null);
  const failure = classifyFetchFailure(stderr, timedOut);
  return judgedGit(null, OUTCOME_OF[failure.outcome], failure.reason);
}

/** @param head null: it was not asked by HTTP */
function answered(head: HttpAnswer | null): Finding {
  const { status, connectMs, firstByteMs, totalMs } = head ?? noTimes;
  const times = { connectMs, firstByteMs, totalMs };
  // So short an answer says how near the server is and not how fast.
  return { outcome: 'ok', status, reason: 'a git server', ...times, bytes: 0, bytesPerSecond: null };
}

const noTimes = { status: null, connectMs: null, firstByteMs: null, totalMs: null };

async function fetchOnce(url: string, ref: string, head: HttpAnswer | null, asker: Asker): Promise<Finding> {
  const left = asker.leftMs();
  if (left < 50) return unmeasured('timed-out', 'the time of the whole probe was over');
  const temp = makeTempDir('probe');
  let received = 0;
  try {
    await runGit(temp.path, ['init', '--quiet', '--bare']);
    const started = performance.now();
    const { exitCode, stderr, timedOut } = await runGit(
      temp.path,
      [...LOW_SPEED, 'fetch', '--depth=1', '--no-tags', '--progress', '--end-of-options', url, ref],
      {
        allowFailure: true,
        timeoutMs: left,
        remote: { access: asker.access, url },
        onLine: (line) => {
          received = Math.max(received, readProgress(line)?.receivedBytes ?? 0);
          if (received > MAX_BYTES) throw tooMuch(url);
        },
      },
    );
    const spent = performance.now() - started;
    // curl's words when http.lowSpeedLimit ends it; the pack that broke off with it is told of too.
    const slow = timedOut || /Operation too slow/iu.test(stderr);
    if (slow) return judgedGit(head, 'too-slow', `the fetch of ${ref.slice(0, 12)} was not done in time`);
    if (exitCode !== 0) {
      const failure = classifyFetchFailure(stderr, false);
      if (failure.outcome === 'no-singles' && isCommit(ref)) return await fetchByName(url, ref, head, asker);
      return judgedGit(head, OUTCOME_OF[failure.outcome], `the fetch of ${ref.slice(0, 12)}: ${failure.reason}`);
    }
    const got = await fetched(temp.path);
    if (isCommit(ref) && got !== ref)
      return judgedGit(head, 'wrong-content', `another commit came: ${got.slice(0, 12)} for ${ref.slice(0, 12)}`);
    const bytes = Math.max(received, await packedBytes(temp.path));
    return {
      ...answered(head),
      reason: `commit ${got.slice(0, 12)}`,
      totalMs: spent,
      bytes,
      bytesPerSecond: rate(bytes, spent),
    };
  } catch (cause) {
    if (cause instanceof MobyBuildError && cause.code === 'mirror-sends-too-much')
      return judgedGit(head, 'wrong-content', cause.message);
    throw cause;
  } finally {
    temp.remove();
  }
}

function judgedGit(head: HttpAnswer | null, outcome: Exclude<Outcome, 'ok'>, reason: string): Finding {
  return { ...answered(head), status: null, outcome, reason };
}

function tooMuch(url: string): MobyBuildError {
  return new MobyBuildError({
    code: 'mirror-sends-too-much',
    exitCode: EXIT.network,
    message: `more than ${String(MAX_BYTES / 1024 / 1024)} MiB came for one commit of a small repository`,
    where: url,
  });
}

async function fetched(dir: string): Promise<string> {
  const { stdout } = await runGit(dir, ['rev-parse', '--verify', 'FETCH_HEAD^{commit}']);
  return stdout.trim();
}

/** git tells of received bytes only when it takes a while; what lies on the disk then says it. */
async function packedBytes(dir: string): Promise<number> {
  const { stdout } = await runGit(dir, ['count-objects', '-v']);
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'mu').exec(stdout)?.[1] ?? 0);
  return (kilobytes('size') + kilobytes('size-pack')) * 1024;
}
