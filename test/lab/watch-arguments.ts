import { readdirSync, readFileSync } from 'node:fs';

/**
 * Looks at the arguments of every process of this machine, the lab's among them, again and again until it is told to stop.
 * @returns `stop`: how often it looked, and which arguments held one of the texts
 */
export function watchArguments(texts: readonly string[]): { stop: () => { looks: number; found: readonly string[] } } {
  const found = new Set<string>();
  let looks = 0;
  const look = (): void => {
    looks += 1;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/u.test(name))) {
      const words = argumentsOf(pid);
      if (texts.some((text) => words.includes(text))) found.add(words);
    }
  };
  const timer = setInterval(look, 40);
  return {
    stop: () => {
      clearInterval(timer);
      return { looks, found: [...found] };
    },
  };
}

/** Empty for a process that has left meanwhile. */
function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch (cause) {
    if (['ENOENT', 'ESRCH'].includes((cause as NodeJS.ErrnoException).code ?? '')) return '';
    throw cause;
  }
}
