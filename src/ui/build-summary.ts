import { quoteWord } from '../system/command-line.ts';
import type { BinaryFacts } from '../types.ts';
import { duration } from './amounts.ts';
import type { Colours } from './colours.ts';
import { MESSAGES } from './messages.ts';
import { binaryTable } from './verify-report.ts';

export interface BuildOutcome {
  readonly ref: string;
  readonly directory: string;
  readonly log: string;
  readonly manifest: string;
  readonly binaries: readonly BinaryFacts[];
  readonly seconds: number;
  /** Whether the binaries are for this very machine: only then is there something to install here. */
  readonly forThisMachine: boolean;
}

/** The last lines of a build: what came out, where it is, how to install it, and how to go back. Ends with a line break. */
export function buildSummary(outcome: BuildOutcome, colours: Colours, verbose: boolean): string {
  const sections = [
    binaryTable(outcome.binaries, verbose),
    [
      `${colours.green(MESSAGES.builtIn(outcome.directory))} (${duration(outcome.seconds)}).`,
      `What was asked, patched and met: ${outcome.manifest}`,
      MESSAGES.logIn(outcome.log),
    ].join('\n'),
    installText(outcome),
  ];
  return `${sections.join('\n\n')}\n`;
}

/**
 * Installing without overwriting anything: the binaries get a folder of their own, and a systemd drop-in starts that dockerd.
 * The drop-in's empty `ExecStart=` takes back the packaged one (systemd.service(5)); removing the file is the way back.
 */
function installText({ ref, directory, forThisMachine }: BuildOutcome): string {
  if (!forThisMachine)
    return `They are for another machine: copy ${directory} there, and run ${directory}/dockerd --version on it.`;
  const home = `/opt/moby-${ref.replace(/[^\w.-]/gu, '-')}`;
  const dropIn = '/etc/systemd/system/docker.service.d/moby-build.conf';
  return [
    'To install, with nothing overwritten (containers stop; keep a copy of /var/lib/docker: an older',
    'engine may not read what a newer one wrote):',
    `  sudo mkdir -p ${home} ${dropIn.slice(0, dropIn.lastIndexOf('/'))}`,
    `  sudo cp -a ${quoteWord(`${directory}/.`)} ${home}/`,
    `  printf '[Service]\\nEnvironment=PATH=${home}:/usr/sbin:/usr/bin:/sbin:/bin\\nExecStart=\\nExecStart=${home}/dockerd -H fd://\\n' | sudo tee ${dropIn}`,
    '  sudo systemctl daemon-reload && sudo systemctl restart docker',
    'To go back:',
    `  sudo rm ${dropIn}`,
    '  sudo systemctl daemon-reload && sudo systemctl restart docker',
    `  sudo rm -r ${home}`,
    'To try it on a machine without docker:',
    `  sudo env PATH=${quoteWord(directory)}:"$PATH" dockerd`,
  ].join('\n');
}
