import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LOCK_FILE_NAME } from '../../../src/lockfile/lock-file.ts';
import { buildDocument } from '../../../src/commands/build/document.ts';
import { NobodyAsked } from '../../support/nobody-asked.ts';
import { imagesIn, loadImage } from '../commands/stand-in-engine.ts';
import { BundleWorld, HAS_TOOLS, recording } from './bundle-world.ts';

/** `build --offline` with folders as people carry them: the store, images of the engine, a mirror of Debian and a module proxy. */
let world: BundleWorld;
let stage: BundleWorld['stage'];
/** The folders: `apt/debian`, `apt/debian-security`, `go`. */
let loose: string;
let engine: string;
let seen: string;
const nobody = new NobodyAsked();
const ID = `sha256:${'a'.repeat(64)}`;

beforeAll(async () => {
  if (!HAS_TOOLS) return;
  world = new BundleWorld();
  ({ stage } = world);
  await world.open();
  const file = join(stage.cwd, 'moby.tar');
  const { status, stderr } = await world.create(file);
  expect(status, stderr).toBe(0);
  [loose, engine, seen] = [join(stage.dir, 'loose'), join(stage.dir, 'engine'), join(stage.dir, 'seen')];
  mkdirSync(loose);
  execFileSync('tar', ['-xf', file, '-C', loose]);
  stage.make(recording(seen));
  await nobody.open();
});
afterAll(async () => {
  if (!HAS_TOOLS) return;
  nobody.close();
  await world.close();
});
beforeEach(() => {
  if (!HAS_TOOLS) return;
  world.asked = [];
  nobody.forget();
  for (const dir of [engine, seen]) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
  }
  stage.docker(engineProgram());
  loadImage(engine, 'golang:1.16.12-buster', ID);
});

/** As an engine: images are files under their names and ids; out of a container that is not started the files of the base image are copied. */
function engineProgram(): string {
  return `${imagesIn(engine)}
case "$1" in
create) echo ${'c'.repeat(64)}; exit 0;;
rm) echo removed >> ${seen}/removed; exit 0;;
cp) case "$2" in
  *:/var/lib/dpkg/status) printf 'Package: base-files\\nStatus: install ok installed\\nVersion: 1\\nArchitecture: all\\n\\n' > "$3"; exit 0;;
  *:/etc/apt/trusted.gpg.d/.) cp ${world.archive.key} "$3/archive.asc"; exit 0;;
  esac; exit 1;;
esac`;
}

const folders = (at = loose): string[] => [
  ...['--mirror', `apt=file://${at}/apt/debian`, '--mirror', `gomod=file://${at}/go`],
];
const build = (words: readonly string[], ...rest: readonly (string | Readonly<Record<string, string>>)[]) => {
  const more = rest.filter((each) => typeof each === 'string');
  const environment = Object.assign({}, ...rest.filter((each) => typeof each !== 'string')) as Record<string, string>;
  const line = ['build', '--offline', '--source', stage.tree, '--out', join(stage.cwd, 'out'), '--without', 'vpnkit'];
  return stage.run([...line, ...(words.includes('--image') ? [] : ['--trust-image', 'golang']), ...words, ...more], {
    ...nobody.environment,
    ...environment,
  });
};
const text = (name: string): string => readFileSync(join(seen, name), 'utf8');

describe.skipIf(!HAS_TOOLS)('build --offline with loose pieces', () => {
  it('builds end to end, and asks nobody', async () => {
    const { status, stdout, stderr } = await build(folders(), '--json');
    expect(status, stderr).toBe(0);
    expect(text('environment')).toMatch(/^DOCKER_BUILD_OPTS=.*--network none/mu);
    expect(text('sources.list')).toMatch(/^deb file:\/\/\/tmp\/sources\/apt\/debian buster main$/mu);
    expect(text('sources.list')).toMatch(/^deb file:\/\/\/tmp\/sources\/apt\/debian-security buster\/updates main$/mu);
    expect(text('apt.conf')).toMatch(/^Acquire::Languages "none";$/mu);
    expect(text('rootlesskit.installer')).toMatch(/GOPROXY="?file:\/\/\/tmp\/sources\/go"?$/mu);
    const all = `${text('Dockerfile')}${text('sources.list')}${text('rootlesskit.installer')}`;
    expect(all).not.toMatch(/127\.0\.0\.1|trusted=yes|AllowUnauthenticated|GOSUMDB/u);
    expect(all).not.toContain(stage.dir);
    const document = buildDocument.parse(JSON.parse(stdout));
    const loading = (kind: string) => document.points?.filter((point) => point.kind === kind && point.inClosure);
    const mounted = (folder: string): number =>
      text('Dockerfile').split(`--mount=type=bind,source=hack/dockerfile/sources/${folder},`).length - 1;
    expect([mounted('apt'), mounted('go')]).toEqual([loading('apt')?.length, loading('gomod')?.length]);
    const bundled = ['apt', 'go'].flatMap((folder) =>
      readdirSync(join(loose, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => `./${join(entry.parentPath, entry.name).slice(loose.length + 1)}`),
    );
    expect(text('placed').trim().split('\n').sort()).toEqual(bundled.sort());
    expect(document.images?.map(({ mirror }) => mirror)).toContain('engine');
    const manifest = JSON.parse(readFileSync(document.manifest ?? '', 'utf8')) as { readonly images: unknown };
    expect(manifest.images).toMatchObject([{ mirror: 'engine', digest: ID, basis: 'trusted' }]);
    const lock = readFileSync(join(dirname(document.manifest ?? ''), LOCK_FILE_NAME), 'utf8');
    for (const suite of ['buster', 'buster-updates', 'buster/updates', 'buster-backports'])
      expect(lock).toContain(`"suite": "${suite}"`);
    expect(lock).toContain('"base": "file:///tmp/sources/apt/debian"');
    expect([world.asked, nobody.connections]).toEqual([[], 0]);
    expect(existsSync(join(seen, 'removed'))).toBe(true);
  });

  it.each<[string, RegExp, (path: string) => string]>([
    ['packages', /\.deb$/u, (path) => `apt ${basename(path)}`],
    ['a package', /libudev-dev_1_\w+\.deb$/u, (path) => `apt ${basename(path)}`],
    ['lists of suites', /\/InRelease$/u, (path) => `apt ${/dists\/(.+)\/InRelease$/u.exec(path)?.[1] ?? ''}`],
    ['modules', /\.zip$/u, () => 'gomod example.test/dep@v1.0.0'],
    ['a go.mod', /\.mod$/u, () => 'gomod example.test/dep@v1.0.0'],
  ])('names %s that are not there, and nothing else, before anything runs', async (_, pattern, named) => {
    const gone = filesOf(loose).filter((path) => pattern.test(path));
    expect(gone).not.toEqual([]);
    for (const path of gone) renameSync(path, `${path}.away`);
    const { status, stderr } = await build(folders(), '--dry-run');
    for (const path of gone) renameSync(`${path}.away`, path);
    expect(status, stderr).toBe(5);
    const lines = [
      ...stderr.matchAll(
        /^ {2}(\S+ .+?) \(.*\) - supplied by the folder of --mirror|^ {2}(apt \S+) \(.*InRelease: it is not there\)/gmu,
      ),
    ];
    expect(new Set(lines.map(([, one, other]) => one ?? other))).toEqual(new Set(gone.map(named)));
    expect([world.asked, nobody.connections]).toEqual([[], 0]);
  });

  it('says of nothing in them that a build would fetch it', async () => {
    const { stderr } = await build(folders(), '--dry-run');
    const [, fetched = ''] = /^A build would fetch:\n((?: {2}.*\n)*)/mu.exec(stderr) ?? [];
    expect(new Set([...fetched.matchAll(/^ {2}(\w+)/gmu)].map(([, kind]) => kind))).toEqual(new Set(['image', 'git']));
  });

  it.each([
    ['packages', /\.deb$/u],
    ['an index', /\/buster\/main\/binary-\w+\/Packages$/u],
    ['a signed list', /\/buster\/InRelease$/u],
    ['a module', /\.zip$/u],
  ])('refuses %s that are others than Debian and go.sum say', async (_, pattern) => {
    const changed = filesOf(loose).filter((path) => pattern.test(path));
    expect(changed).not.toEqual([]);
    const before = changed.map((path) => readFileSync(path));
    for (const [index, path] of changed.entries()) {
      const bytes = Buffer.from(before[index] ?? '');
      const at = Math.floor(bytes.length / 3);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      const other = { 'example.test/dep@v1.0.0/go.mod': Buffer.from('module example.test/dep\n\ngo 1.16\n\n') };
      writeFileSync(path, path.endsWith('.zip') ? zipSync(other) : bytes);
    }
    const { status, stderr } = await build(folders(), '--dry-run');
    for (const [index, path] of changed.entries()) writeFileSync(path, before[index] ?? '');
    expect([status, stderr]).toEqual([5, expect.stringMatching(/^ +(?:apt|gomod) \S.* \(.*\) - supplied by /mu)]);
  });

  it('takes a module cache of a go command, which says of no database that it is passed on, and a mirror whose suites are kept together', async () => {
    const other = join(stage.dir, 'with space, comma');
    cpSync(loose, other, { recursive: true });
    for (const path of filesOf(join(other, 'go'))) if (/\/(?:supported|list)$/u.test(path)) rmSync(path);
    cpSync(join(other, 'apt/debian-security'), join(other, 'apt/debian'), { recursive: true });
    rmSync(join(other, 'apt/debian-security'), { recursive: true });
    renameSync(join(other, 'apt/debian'), join(other, 'mirror'));
    const at = pathToFileURL(other).href.replaceAll(',', '%2C');
    const { status, stderr } = await build(['--mirror', `apt=${at}/mirror`, '--mirror', `gomod=${at}/go/`]);
    expect(status, stderr).toBe(0);
    expect(text('sources.list')).toMatch(/^deb file:\/\/\/tmp\/sources\/apt\/debian-security buster\/updates main$/mu);
    expect(text('placed')).toContain('./go/example.test/dep/@v/v1.0.0.zip');
    expect(text('placed')).toContain('./apt/debian-security/dists/buster/updates/InRelease');
  });

  it('builds with components from bare clones and bundles of git; the modules of one are taken when it is there', async () => {
    const store = join(stage.dir, 'cache/moby-build/store/git');
    const clones = join(stage.dir, 'clones');
    mkdirSync(clones);
    for (const entry of readdirSync(store)) {
      const { upstream } = JSON.parse(readFileSync(join(store, entry, 'moby-build.json'), 'utf8')) as {
        upstream: string;
      };
      const installer = join(stage.tree, 'hack/dockerfile/install/rootlesskit.installer');
      const isOther = !readFileSync(installer, 'utf8').includes(basename(entry, '.git'));
      const name = basename(upstream, '.git');
      if (name === 'rootlesskit' && isOther) continue;
      if (name === 'rootlesskit')
        execFileSync('git', ['clone', '--quiet', '--bare', join(store, entry), join(clones, 'rootlesskit')]);
      else if (name === 'runc')
        execFileSync('git', ['bundle', 'create', '--quiet', join(clones, 'runc'), '--all'], {
          cwd: join(store, entry),
        });
      else continue;
      rmSync(join(store, entry), { recursive: true });
    }
    const words = [...folders(), '--mirror', `git=file://${clones}/{repo}`];
    const [zip = ''] = filesOf(loose).filter((path) => path.endsWith('.zip'));
    renameSync(zip, `${zip}.away`);
    const lacks = await build(words);
    renameSync(`${zip}.away`, zip);
    expect(lacks.status, lacks.stderr).toBe(5);
    expect(lacks.stderr).toMatch(/^ +gomod example\.test\/dep@v1\.0\.0 \(it is not in /mu);
    expect(existsSync(join(seen, 'environment'))).toBe(false);
    const { status, stderr } = await build(words);
    expect(status, stderr).toBe(0);
    expect(text('placed')).toContain('./go/example.test/dep/@v/v1.0.0.zip');
    expect([world.asked, nobody.connections]).toEqual([[], 0]);
  });

  it.each([
    ['apt-get', /^note: All packages of the folder go into the tree.*: apt-get is not on this machine/mu],
    ['go', /^note: All modules of the folder go into the tree.*: the go command is not on this machine/mu],
  ])('hands all of the folder over where %s is not on this machine, and says so', async (program, said) => {
    const bin = join(stage.dir, 'sparse');
    const tools = ['/usr/local/bin', '/usr/bin', '/bin'].flatMap((dir) => readdirSync(dir));
    stage.sparse(
      bin,
      [...new Set([...tools, 'make'])].filter(
        (name) => name !== program && name !== 'basename' && name !== 'chmod' && name !== 'docker',
      ),
      {},
    );
    const { status, stderr } = await build(folders(), { PATH: bin });
    rmSync(bin, { recursive: true });
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(said);
    expect(text('placed')).toContain('./apt/debian/dists/buster/InRelease');
    expect(text('placed')).toContain('./go/example.test/dep/@v/v1.0.0.zip');
    expect(text('placed')).toMatch(/\/xxd_1_\w+\.deb$/mu);
  });
});

describe.skipIf(!HAS_TOOLS)('a folder that is no mirror', () => {
  it.each<[string, string, RegExp]>([
    ['a path', 'apt=/srv/debian', /A folder of this machine is written as a URL: file:\/\/\/srv\/debian$/mu],
    ['a relative path', 'gomod=./proxy', /with its absolute path: file:\/\/\/srv\/goproxy/u],
    ['a relative URL', 'apt=file://debian', /names no absolute path.*\n.*Three slashes/u],
    ['a space', 'apt=file:///srv/my debian', /holds U\+0020 at character 15.*\n.*written %20/u],
    ['a comma', 'gomod=file:///srv/a,b', /a comma in a path is written %2C/u],
    ['a % that is none', 'apt=file:///srv/100%', /A % itself is written %25/u],
    [
      'a folder that is missing',
      'gomod=file:///nowhere/proxy',
      /names \/nowhere\/proxy, and it is not there\.\n.*\n.*next: ls -ld \/nowhere\/proxy/u,
    ],
    [
      'a folder for clones that is missing',
      'git=file:///nowhere/{repo}.git',
      /names \/nowhere\/, and it is not there/u,
    ],
    ['a file', 'apt=file://LOOSE/SHA256SUMS', /SHA256SUMS, and it is no folder/u],
    ['a folder without dists', 'apt=file://LOOSE/go', /it is no mirror of Debian: it has no folder dists/u],
    ['a suite without a mirror', 'apt:buster=file://LOOSE/go', /it is no mirror of Debian/u],
    ['a folder without modules', 'gomod=file://LOOSE/apt', /it is no module proxy: no folder in it is called @v/u],
    [
      'a module cache itself',
      'gomod=file://LOOSE/gopath',
      /the proxy is cache\/download.*\n.*\n.*next: .*gomod=file:\/\/\S+\/gopath\/cache\/download/u,
    ],
  ])('%s is refused at once, exit 2', async (_, value, said) => {
    mkdirSync(join(loose, 'gopath/cache/download'), { recursive: true });
    const { status, stderr } = await build(['--mirror', value.replace('LOOSE', loose)], '--dry-run');
    expect(stderr).toMatch(said);
    expect(status).toBe(2);
  });
});

function filesOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
