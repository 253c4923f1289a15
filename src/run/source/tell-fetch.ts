import type { FetchListener } from '../../transport/first-to-serve.ts';
import { MESSAGES } from '../../ui/messages.ts';
import type { Note } from '../../types.ts';
import type { Io } from '../stage/io.ts';
import { rememberSilence } from './source-candidates.ts';

/** @param instead `tag v1.0.2`, `all its history` */
export function noSinglesNote(mirror: string, what: string, instead: string): Note {
  return {
    level: 'info',
    code: 'no-single-commits',
    message: `${mirror} hands out no single commits, so ${instead} was fetched for ${what}. The commit was checked.`,
    hint: 'On the server: git config uploadpack.allowAnySHA1InWant true. Plain files over HTTP have no such setting.',
  };
}

/**
 * Tells the user how a fetch goes, and remembers which hosts are silent.
 * @param what `v20.10.12`, `runc v1.0.2`
 * @param served what a mirror that failed did not serve
 * @param before put before each line of progress
 */
export function tellFetch(io: Io, what: string, served = what, before = ''): FetchListener {
  return {
    onProgress: ({ phase, percent }, { mirror }) => {
      io.say(`${before}${mirror}: ${phase}${percent === null ? '' : ` ${String(percent)} %`}`);
    },
    onAgain: ({ mirror, reason }, waitMs) => {
      const message = MESSAGES.fetchAgain(mirror, what, reason, waitMs / 1000);
      io.note({ level: 'info', code: 'fetch-again', message });
      io.say(message);
    },
    onFailure: (attempt) => {
      const { mirror, reason } = attempt;
      rememberSilence(io, attempt);
      io.note({ level: 'warning', code: 'clone-failed', message: `${mirror} did not serve ${served}: ${reason}.` });
    },
  };
}
