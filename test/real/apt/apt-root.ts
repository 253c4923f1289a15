import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface AptRun {
  readonly status: number | null;
  readonly said: string;
  readonly seconds: number;
}

/** This machine's apt with a root of its own: no source, key, list or setting of the machine's is read or written. */
export class AptRoot {
  readonly dir = mkdtempSync(join(tmpdir(), 'moby-build-apt-'));
  readonly #config = join(this.dir, 'apt.conf');

  /** @param settings what our apt.conf says. @param arch Debian's name */
  constructor(key: string, sources: string, settings: string, arch = 'amd64') {
    for (const path of [
      'etc/apt.conf.d',
      'etc/preferences.d',
      'etc/sources.list.d',
      'etc/trusted.gpg.d',
      'state/lists/partial',
      'cache/archives/partial',
    ])
      mkdirSync(join(this.dir, path), { recursive: true });
    copyFileSync(key, join(this.dir, 'etc/trusted.gpg.d/test.asc'));
    writeFileSync(join(this.dir, 'etc/sources.list'), sources.replaceAll('/etc/apt/', `${this.dir}/etc/`));
    writeFileSync(join(this.dir, 'etc/apt.conf.d/99moby-build'), settings);
    writeFileSync(join(this.dir, 'state/status'), '');
    writeFileSync(
      this.#config,
      `Dir::Etc "${this.dir}/etc"; Dir::State "${this.dir}/state"; Dir::State::status "${this.dir}/state/status"; Dir::Cache "${this.dir}/cache";
APT::Architecture "${arch}"; APT::Architectures "${arch}"; APT::Sandbox::User ""; Acquire::Languages "none"; Acquire::http::Proxy "DIRECT"; Dir::Log "${this.dir}";
`,
    );
  }

  /** A file below /etc/apt. */
  write(name: string, text: string): void {
    writeFileSync(join(this.dir, 'etc', name), text);
  }

  get(...args: readonly string[]): Promise<AptRun> {
    const started = performance.now();
    const child = spawn('apt-get', args, {
      cwd: this.dir,
      env: { PATH: process.env['PATH'], LC_ALL: 'C', APT_CONFIG: this.#config },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    return new Promise((resolve) => {
      child.on('close', (status) => {
        resolve({ status, said, seconds: (performance.now() - started) / 1000 });
      });
    });
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
