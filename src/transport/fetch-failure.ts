import { EXIT, MobyBuildError } from '../errors.ts';
import { NEXT } from '../next-command.ts';
import type { FetchFailure } from './fetch-outcome.ts';
import { pinFor, unknownRef, type ExpectedCommit } from '../moby/pins.ts';

/** One clone URL that was tried, in the order of trying. */
export interface FetchAttempt extends FetchFailure {
  readonly mirror: string;
  readonly url: string;
}

/**
 * `wrong-commit` (4) when nobody had the right commit and somebody handed out another one as the ref: tampered with, or a tag that was
 * moved; else null.
 */
export function wrongCommit(
  ref: string,
  { commit, from }: ExpectedCommit,
  attempts: readonly FetchAttempt[],
): MobyBuildError | null {
  const wrong = attempts.filter(({ outcome }) => outcome === 'other-commit');
  const [first] = wrong;
  if (first === undefined) return null;
  const others = attempts.filter(({ outcome }) => outcome !== 'other-commit');
  const lines = [...wrong, ...others].map(({ mirror, url, reason }) => `${mirror} (${url}): ${reason}`);
  return new MobyBuildError({
    code: 'wrong-commit',
    exitCode: EXIT.tree,
    message: [`Nobody hands out ${commit} as ${ref}:`, ...lines].join('\n  '),
    where: first.url,
    hint:
      from === 'table'
        ? "The expected one is what the tag is in moby's own repository. Nothing of what came was used. If you mean this other commit (a fork), name it with --commit."
        : 'The expected one was given with --commit. Nothing of what came was used.',
    command: NEXT.mirror('git', 'https://github.com/{owner}/{repo}.git'),
  });
}

/** `unknown-ref` (2) when every server that answered knows no such ref of moby and our table neither; else null. */
export function unknownEverywhere(ref: string, attempts: readonly FetchAttempt[]): MobyBuildError | null {
  const answered = attempts.filter(({ outcome }) => outcome !== 'unreachable');
  const unknown = answered.length > 0 && answered.every(({ outcome }) => outcome === 'no-such-ref');
  return unknown && pinFor(ref) === null ? unknownRef(ref) : null;
}

/**
 * The error when no clone URL worked, naming each and why: `mirror-answers-html` (5) for the one URL that is no git server,
 * `network-down` (5) when nobody was there at all, `no-usable-mirror` (5) otherwise.
 */
export function noUsableMirror(what: string, attempts: readonly FetchAttempt[]): MobyBuildError {
  const answered = attempts.filter(({ outcome }) => outcome !== 'unreachable');
  const [only] = attempts;
  const code =
    attempts.length === 1 && only?.outcome === 'not-git'
      ? 'mirror-answers-html'
      : answered.length === 0
        ? 'network-down'
        : 'no-usable-mirror';
  const tried = attempts.map(({ mirror, url, reason }) => `${mirror} (${url}): ${reason}`);
  return new MobyBuildError({
    code,
    exitCode: EXIT.network,
    message: [
      `${what} could not be fetched from ${attempts.length === 1 ? 'the only git mirror tried' : `any of ${String(attempts.length)} git mirrors`}:`,
      ...tried,
    ].join('\n  '),
    where: only?.url,
    hint:
      code === 'network-down'
        ? 'Nobody was reached. Is the network up, and does it need a proxy (HTTPS_PROXY) or a certificate (GIT_SSL_CAINFO)?'
        : 'Name another mirror, or use a clone that you already have (--source DIR).',
    command: code === 'network-down' ? NEXT.doctor() : NEXT.mirror('git', 'https://MIRROR/{url}'),
  });
}
