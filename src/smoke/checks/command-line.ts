import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunResult } from '../../system/process/run.ts';
import { expectThat, type Check } from './check.ts';
import { daemonPlaces, placeFlags } from '../daemon/test-daemon.ts';
import { writeInside } from '../daemon/write-inside.ts';

const NOBODY = 65534;
const COMMAND_MS = 10_000;

/** dockerd once more, where everybody may go: the folder may be closed to all but its owner (make leaves bundles/ at 0700). */
export const NOBODYS_DOCKERD = '/moby/for-nobody/dockerd';

/** Both streams, short enough for a table. */
function said(result: RunResult): string {
  const text = `${result.stdout}\n${result.stderr}`.trim();
  const end = result.timedOut
    ? 'still running at the time limit'
    : `exit code ${String(result.exitCode ?? result.signal)}`;
  return `${end}, ${text === '' ? 'nothing printed' : `“${text.split('\n').slice(-2).join(' / ').slice(0, 240)}”`}`;
}

/** Words of a start that must be refused: exit code not 0, and a line that matches. */
function refusal(result: RunResult, words: RegExp): string {
  const text = `${result.stdout}\n${result.stderr}`;
  expectThat(
    !result.timedOut && result.exitCode !== 0 && result.exitCode !== null && words.test(text),
    `a refusal that says ${String(words)}`,
    () => said(result),
  );
  const line = text.split('\n').find((candidate) => words.test(candidate)) ?? '';
  return `exit ${String(result.exitCode)}: …${line.trim().slice(-110)}`;
}

/** A cobra command that runs as root only and checks its configuration first (cmd/dockerd/docker.go, daemon.go). */
export const COMMAND_LINE_CHECKS: readonly Check[] = [
  {
    id: 'help',
    title: 'dockerd --help prints its options',
    needs: [],
    timeoutSeconds: 15,
    run: async (context) => {
      const result = await context.dockerd(['--help']);
      expectThat(
        result.exitCode === 0 && result.stdout.includes('--data-root'),
        'exit code 0 and a list of options with --data-root',
        () => said(result),
      );
      return `${String(result.stdout.split('\n').filter((line) => /^\s+(-\w, )?\s*--/.test(line)).length)} options`;
    },
  },
  {
    id: 'version',
    title: 'dockerd --version names version and commit',
    needs: [],
    timeoutSeconds: 15,
    run: async (context) => {
      const { arch, elf } = context.facts;
      expectThat(elf === null || elf === arch, `a dockerd for ${arch}`, `one for ${String(elf)}`);
      const result = await context.dockerd(['--version']);
      expectThat(
        result.exitCode === 0 && /^Docker version \S+, build \S*\s*$/m.test(result.stdout),
        '“Docker version X, build Y”',
        () => said(result),
      );
      return result.stdout.trim();
    },
  },
  {
    id: 'unknown-flag',
    title: 'an unknown flag is refused',
    needs: [],
    timeoutSeconds: 15,
    run: async (context) => refusal(await context.dockerd(['--no-such-flag']), /unknown flag: --no-such-flag/),
  },
  {
    id: 'not-root',
    title: 'a start without root is refused, and makes nothing',
    needs: [],
    timeoutSeconds: 15,
    run: async (context) => {
      const sandbox = await context.sandbox();
      const places = daemonPlaces('nobody');
      // Open to everybody, so that it could make something.
      mkdirSync(sandbox.path(places.base), { recursive: true, mode: 0o777 });
      await sandbox.run(['chmod', '0777', places.base], { timeoutMs: 5_000 });
      writeInside(sandbox, places.config, '{}');
      const { mode } = statSync(join(context.facts.folder, 'dockerd'));
      if ((mode & 0o001) === 0) return { result: 'skipped', seen: 'dockerd is executable for its owner only' };
      const result = await sandbox.run([NOBODYS_DOCKERD, ...placeFlags(places)], {
        uid: NOBODY,
        timeoutMs: COMMAND_MS,
      });
      const seen = refusal(result, /started with root/);
      const made = readdirSync(sandbox.path(places.base)).filter((name) => name !== 'daemon.json');
      expectThat(made.length === 0, 'nothing made', `made ${made.join(', ')}`);
      return seen;
    },
  },
  {
    id: 'config-conflict',
    title: 'a value both in the file and as a flag is refused by name',
    needs: [],
    timeoutSeconds: 15,
    run: async (context) => {
      const places = daemonPlaces('conflict');
      writeInside(await context.sandbox(), places.config, JSON.stringify({ 'log-level': 'debug' }));
      return refusal(
        await context.dockerd([...placeFlags(places), '--log-level=info']),
        /both as a flag and in the configuration file: .*log-level/,
      );
    },
  },
  {
    id: 'config-unknown-key',
    title: 'an unknown key in the file is refused by name',
    needs: [],
    timeoutSeconds: 15,
    run: async (context) => {
      const places = daemonPlaces('unknown-key');
      writeInside(await context.sandbox(), places.config, JSON.stringify({ 'no-such-key': 1 }));
      return refusal(await context.dockerd(placeFlags(places)), /don't match any configuration option: no-such-key/);
    },
  },
];
