import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A tiny Debian archive with one package, signed with a key that is made for it: what a mirror serves. */
export class Archive {
  readonly dir = mkdtempSync(join(tmpdir(), 'moby-build-archive-'));
  readonly key = join(this.dir, 'key.asc');
  /** Path below the mirror's base → bytes. */
  readonly files = new Map<string, Buffer>();
  readonly #home = join(this.dir, 'gnupg');

  constructor() {
    mkdirSync(this.#home, { mode: 0o700 });
    const spec =
      '%no-protection\nKey-Type: RSA\nKey-Length: 2048\nName-Real: archive of a test\nExpire-Date: 0\n%commit\n';
    this.#gpg(['--gen-key'], spec);
    writeFileSync(this.key, this.#gpg(['--armor', '--export']));
    const deb = this.#package();
    this.files.set('pool/hello.deb', deb);
    const packages = `Package: hello-of-a-test
Version: 1
Architecture: all
Maintainer: test <test@localhost>
Description: nothing
Filename: pool/hello.deb
Size: ${String(deb.length)}
SHA256: ${sha256(deb)}

`;
    this.files.set('dists/test/main/binary-amd64/Packages', Buffer.from(packages));
    this.files.set('dists/test/InRelease', this.release('test', new Date()));
  }

  /** A suite with packages of these names, which depend on each other in their order; nothing in them can be unpacked. */
  addSuite(suite: string, names: readonly string[], arches: readonly string[]): void {
    const listed = arches.map((arch) => {
      const packages = Buffer.from(
        names.map((name, index) => this.#stanza(suite, arch, name, names[index + 1])).join(''),
      );
      const at = `main/binary-${arch}`;
      this.files.set(`dists/${suite}/${at}/Packages`, packages);
      this.files.set(`dists/${suite}/${at}/by-hash/SHA256/${sha256(packages)}`, packages);
      return ` ${sha256(packages)} ${String(packages.length)} ${at}/Packages\n`;
    });
    const codename = suite.split(/[-/]/u)[0] ?? suite;
    const text = `Suite: ${suite}
Codename: ${suite.includes('/') ? codename : suite}
Date: ${new Date().toUTCString()}
Acquire-By-Hash: yes
Architectures: ${arches.join(' ')}
Components: main
SHA256:
${listed.join('')}`;
    this.files.set(`dists/${suite}/InRelease`, Buffer.from(this.#gpg(['--clearsign'], text)));
  }

  #stanza(suite: string, arch: string, name: string, next: string | undefined): string {
    const path = `pool/main/${name}_1_${arch}.deb`;
    const deb = Buffer.from(`package ${name} of ${suite}`);
    this.files.set(path, deb);
    const depends = next === undefined ? '' : `Depends: ${next}\n`;
    return `Package: ${name}\nVersion: 1\nArchitecture: ${arch}\n${depends}Filename: ${path}\nSize: ${String(deb.length)}\nSHA256: ${sha256(deb)}\n\n`;
  }

  /** A signed InRelease of that suite and day. */
  release(suite: string, day: Date, validUntil?: Date): Buffer {
    const packages = this.files.get('dists/test/main/binary-amd64/Packages') ?? Buffer.alloc(0);
    const until = validUntil === undefined ? '' : `Valid-Until: ${validUntil.toUTCString()}\n`;
    const text = `Suite: ${suite}
Codename: ${suite}
Date: ${day.toUTCString()}
${until}Architectures: amd64
Components: main
SHA256:
 ${sha256(packages)} ${String(packages.length)} main/binary-amd64/Packages
`;
    return Buffer.from(this.#gpg(['--clearsign'], text));
  }

  remove(): void {
    execFileSync('gpgconf', ['--homedir', this.#home, '--kill', 'all']);
    rmSync(this.dir, { recursive: true, force: true });
  }

  #gpg(args: readonly string[], input = ''): string {
    return execFileSync('gpg', ['--homedir', this.#home, '--batch', '--quiet', ...args], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  }

  #package(): Buffer {
    const root = join(this.dir, 'hello');
    mkdirSync(join(root, 'DEBIAN'), { recursive: true });
    // dpkg-deb takes no other, whatever the umask is.
    chmodSync(join(root, 'DEBIAN'), 0o755);
    const control =
      'Package: hello-of-a-test\nVersion: 1\nArchitecture: all\nMaintainer: test <test@localhost>\nDescription: nothing\n';
    writeFileSync(join(root, 'DEBIAN/control'), control);
    const out = join(this.dir, 'hello.deb');
    execFileSync('dpkg-deb', ['--root-owner-group', '--build', root, out], { stdio: 'ignore' });
    return readFileSync(out);
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
