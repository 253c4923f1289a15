import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one run of a command cost. */
export interface Cost {
  /** What the command ended with; null: a signal ended it. */
  readonly status: number | null;
  /** Seconds from its start to its end. */
  readonly seconds: number;
  /** Seconds of CPU of the process itself, in user and kernel mode. */
  readonly ownCpu: number;
  /** The same of its children that have ended: git, checksums. */
  readonly childCpu: number;
  /** The most memory that the process itself had at once, in MB. */
  readonly megabytes: number;
  /** The end of what it wrote to stderr. */
  readonly said: string;
}

export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Called every 20 ms; true: the command and all that it started are killed. */
  readonly until?: () => boolean;
}

/** How often the kernel is asked, in milliseconds: what a process did after the last time is lost. */
const EVERY = 20;
/** Rule: proc(5), the times of stat are in ticks; Linux gives user space a hundred in a second on every architecture. */
const TICKS = 100;

/** Runs a command and reads from /proc what it costs. @throws where it cannot be started */
export function measure({ argv: [program, ...words], cwd, env, until }: Command): Promise<Cost> {
  const start = performance.now();
  const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  let ownCpu = 0;
  let childCpu = 0;
  let megabytes = 0;
  const look = (): void => {
    const { pid } = child;
    if (pid === undefined) return;
    try {
      // The name of the program, in brackets, may hold spaces.
      const fields =
        readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
          .split(') ')[1]
          ?.split(' ') ?? [];
      const [user = 0, kernel = 0, childUser = 0, childKernel = 0] = fields.slice(11, 15).map(Number);
      ownCpu = (user + kernel) / TICKS;
      childCpu = (childUser + childKernel) / TICKS;
      const peak = /^VmHWM:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
      megabytes = Math.max(megabytes, Number(peak ?? 0) / 1000);
    } catch {
      // It has ended.
    }
    if (until?.() === true) process.kill(-pid, 'SIGKILL');
  };
  const timer = setInterval(look, EVERY);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      clearInterval(timer);
      resolve({ status, seconds: (performance.now() - start) / 1000, ownCpu, childCpu, megabytes, said });
    });
  });
}

/** The same for a command that must end with 0. @throws where it does not */
export async function measureWhole(command: Command): Promise<Cost> {
  const cost = await measure(command);
  if (cost.status !== 0) throw new Error(`${command.argv.join(' ')}\nended with ${String(cost.status)}:\n${cost.said}`);
  return cost;
}

/** Seconds of CPU of a short command, with all its children: the mean of many runs in one shell. */
export async function shortCpu(argv: readonly string[], env: Readonly<Record<string, string>>, runs: number) {
  const loop = `TIMEFORMAT='%U %S'; time for ((i = 0; i < ${String(runs)}; i++)); do "$@" >/dev/null 2>&1; done`;
  const child = spawn('bash', ['-c', loop, 'bash', ...argv], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const [user = NaN, kernel = NaN] = said.trim().split(/\s+/u).map(Number);
  return (user + kernel) / runs;
}
