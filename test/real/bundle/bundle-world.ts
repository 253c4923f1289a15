import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { hashOne, zipHash } from '../../../src/mirrors/served/module-hash.ts';
import { addEntry } from '../../../src/store/store.ts';
import { tarOf } from '../../support/make-bundle.ts';
import { ARCH, BUILDS, FOREIGN, Stage, type Ran } from '../commands/stage.ts';
import { Archive } from '../apt/archive.ts';
import { startFaulty, type Answer } from '../mirrors/faulty-mirror.ts';
import { git, Places } from '../store/repository.ts';

const digestOf = (data: string | Buffer): string => `sha256:${createHash('sha256').update(data).digest('hex')}`;
const NOT_THERE: Answer = { status: 404, headers: {}, body: Buffer.from('no\n') };
const found = (body: Buffer | string): Answer => ({ status: 200, headers: {}, body: Buffer.from(body) });

const MODULE = 'example.test/dep';
const ROOTLESSKIT = 'https://github.com/rootless-containers/rootlesskit.git';

/** What this machine lacks of apt, gpg and go, it cannot show. */
export const HAS_TOOLS = ['apt-get', 'gpg', 'go', 'tar'].every((name) =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name))),
);

/** What the mirrors of a bundle's world have: an image of two platforms, and a module that rootlesskit needs. */
export class BundleWorld {
  readonly stage = new Stage();
  /** Paths that were asked for, by the kind of server before them: `image/v2/…`. */
  asked: string[] = [];
  /** Called before a request is answered. */
  onRequest: (path: string) => void = () => undefined;
  /** Of the index behind every tag. */
  digest = '';
  readonly blobs = new Map<string, Buffer>();
  /** The words of a run against these mirrors. */
  line: readonly string[] = [];
  readonly archive = new Archive();
  readonly #modules = new Map<string, Buffer>();
  readonly #places = new Places();
  readonly #closing: (() => Promise<void>)[] = [];

  async open(): Promise<void> {
    this.#makeSuites();
    await this.#makeImage();
    await this.#makeRootlesskit();
    const image = (path: string): Answer => {
      const wanted = /\/(?:manifests|blobs)\/(.+)$/u.exec(path)?.[1] ?? '';
      const body = this.blobs.get(wanted.startsWith('sha256:') ? wanted : this.digest);
      return body === undefined || wanted === '' ? NOT_THERE : found(body);
    };
    const module = (path: string): Answer => {
      const body = this.#modules.get(path);
      return body === undefined ? NOT_THERE : found(body);
    };
    const [acme, umbrella] = [await this.#serve('image', image), await this.#serve('image', image)];
    const go = await this.#serve('gomod', module);
    const apt = await this.#serve('apt', (path) => {
      const body = this.archive.files.get(path.replace(/^\/debian(?:-security)?\//u, ''));
      return body === undefined ? NOT_THERE : found(body);
    });
    this.line = this.#lineOf([acme, umbrella], go, apt);
  }

  async close(): Promise<void> {
    await Promise.all(this.#closing.map((close) => close()));
    this.archive.remove();
    this.#places.remove();
    this.stage.remove();
  }

  /** `bundle create` from these mirrors. */
  create(file: string, ...more: readonly string[]): Promise<Ran> {
    return this.startCreate(file, ...more).ended;
  }

  startCreate(file: string, ...more: readonly string[]): ReturnType<Stage['start']> {
    return this.stage.start(['bundle', 'create', ...this.line, '--out', file, ...more]);
  }

  /** What of a file was asked for more than once. */
  twice(): readonly string[] {
    return [...new Set(this.asked.filter((path, index) => this.asked.indexOf(path) !== index))];
  }

  async #serve(kind: string, answer: (path: string) => Answer): Promise<string> {
    const server = await startFaulty({
      fault: 'none',
      healthy: (path) => {
        this.asked.push(`${kind}${path}`);
        this.onRequest(`${kind}${path}`);
        return answer(path);
      },
    });
    this.#closing.push(server.close);
    return server.url;
  }

  #lineOf(registries: readonly string[], go: string, apt: string): readonly string[] {
    const { dir, tree } = this.stage;
    const mirrors = registries.map((url, index) => ({
      ...{ id: `r${String(index)}`, kinds: ['image'], template: `${url.replace('http://', '')}/{image}` },
      ...{ region: 'cn', status: 'alive', seen: null, sources: ['here'], operator: `operator ${String(index)}` },
    }));
    const lists = { frontend: 'builtin', image: ['r0', 'r1'], apt, git: 'ghfast.top', gomod: go };
    const [catalogue, profile] = [join(dir, 'catalogue.json'), join(dir, 'profile.json')];
    writeFileSync(catalogue, JSON.stringify({ extends: 'builtin', mirrors, digests: [] }));
    writeFileSync(profile, JSON.stringify({ name: 'loopback', mirrors: lists }));
    return ['--source', tree, '--catalogue', catalogue, '--profile', profile, '--arch', ARCH];
  }

  /** What the steps of the light tree's closure install, by suite. */
  #makeSuites(): void {
    const arches = [ARCH, FOREIGN];
    this.archive.addSuite('buster', ['libbtrfs-dev', 'libudev-dev', 'cmake', 'xxd', 'libc6-dev'], arches);
    this.archive.addSuite('buster-updates', ['nothing'], arches);
    this.archive.addSuite('buster/updates', ['nothing-else'], arches);
    this.archive.addSuite('buster-backports', ['libseccomp-dev', 'libseccomp2'], arches);
  }

  async #makeImage(): Promise<void> {
    const keep = (data: string | Buffer): { readonly digest: string; readonly size: number } => {
      this.blobs.set(digestOf(data), Buffer.from(data));
      return { digest: digestOf(data), size: data.length };
    };
    const status = Buffer.from('Package: base-files\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n');
    const layers = [
      keep(
        gzipSync(
          await tarOf([
            ['etc/apt/trusted.gpg.d/archive.asc', readFileSync(this.archive.key)],
            ['var/lib/dpkg/status', status],
          ]),
        ),
      ),
      keep(gzipSync(await tarOf([['usr/local/go/VERSION', Buffer.alloc(200_000, 'go')]]))),
    ];
    const manifests = ['amd64', 'arm64'].map((architecture) => {
      const config = keep(JSON.stringify({ architecture, os: 'linux' }));
      const type = 'application/vnd.oci.image.manifest.v1+json';
      const manifest = keep(JSON.stringify({ schemaVersion: 2, mediaType: type, config, layers }));
      return { mediaType: type, ...manifest, platform: { os: 'linux', architecture } };
    });
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    this.digest = keep(JSON.stringify({ schemaVersion: 2, mediaType, manifests })).digest;
  }

  /** A rootlesskit of the store that imports a module; the tree pins it. */
  async #makeRootlesskit(): Promise<void> {
    const version = 'v1.0.0';
    const mod = `module ${MODULE}\n\ngo 1.16\n`;
    const zip = Buffer.from(
      zipSync({
        [`${MODULE}@${version}/go.mod`]: Buffer.from(mod),
        [`${MODULE}@${version}/dep.go`]: Buffer.from('package dep\n'),
      }),
    );
    const at = `/${MODULE}/@v/${version}`;
    this.#modules.set(`${at}.info`, Buffer.from(`{"Version":"${version}","Time":"2020-01-14T19:47:44Z"}`));
    this.#modules.set(`${at}.mod`, Buffer.from(mod));
    this.#modules.set(`${at}.zip`, zip);
    const sums = `${MODULE} ${version} ${zipHash(zip) ?? ''}\n${MODULE} ${version}/go.mod ${hashOne({ 'go.mod': Buffer.from(mod) })}\n`;
    const dir = this.#places.next();
    execFileSync('git', ['init', '--quiet', '--initial-branch=main', dir]);
    writeFileSync(
      join(dir, 'go.mod'),
      `module github.com/rootless-containers/rootlesskit\n\ngo 1.16\n\nrequire ${MODULE} ${version}\n`,
    );
    writeFileSync(join(dir, 'go.sum'), sums);
    writeFileSync(join(dir, 'main.go'), `package main\n\nimport _ "${MODULE}"\n\nfunc main() {}\n`);
    git(dir, 'add', '--all');
    git(dir, 'commit', '--quiet', '-m', 'rootlesskit');
    const commit = git(dir, 'rev-parse', 'HEAD');
    const fetched = { mirror: 'ghfast.top', url: `https://ghfast.top/${ROOTLESSKIT}`, receivedBytes: 1 };
    await addEntry(this.#store(), dir, { commit, upstream: ROOTLESSKIT, tags: [], history: 'commit', ...fetched });
    const { tree } = this.stage;
    const installer = join(tree, 'hack/dockerfile/install/rootlesskit.installer');
    writeFileSync(installer, readFileSync(installer, 'utf8').replace(/(?<=COMMIT:=)[0-9a-f]{40}/u, commit));
    git(tree, 'commit', '--quiet', '--all', '-m', 'another rootlesskit');
    git(tree, 'tag', '--force', 'v20.10.12');
  }

  #store(): string {
    return join(this.stage.dir, 'cache/moby-build/store');
  }

  /** Takes a bundle and its parts away. */
  forget(file: string): void {
    this.asked = [];
    for (const path of [file, `${file}.parts`]) rmSync(path, { recursive: true, force: true });
  }
}

/** A `make` that keeps in a folder what the build handed it, and then builds. */
export const recording = (folder: string): string =>
  `env > ${folder}/environment; cp Dockerfile sources.list apt.conf hack/dockerfile/install/rootlesskit.installer ${folder}
(cd hack/dockerfile/sources; find . -type f | sort) > ${folder}/placed
${BUILDS}`;
