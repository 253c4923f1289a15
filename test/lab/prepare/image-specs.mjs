// @ts-check
import { fileURLToPath } from 'node:url';
import { other } from './other-machine.mjs';

/** Which images each lab's registry has. */

/** A host that resolves nowhere: whatever of an image's own sources is left in a build fails. */
const nowhere = 'debian-default.example';

/** What no build of a light tree uses, for every lab pulls and unpacks the image: more than half of it. */
export const notForLight = [
  // Go itself and its tools can be compiled; the tree compiles programs.
  ...['./usr/lib/go-*/pkg/*/cmd', './usr/lib/go-*/pkg/*/go', './usr/share/go-*/src/cmd'],
  ...['trace', 'pprof', 'vet', 'api', 'cover', 'objdump', 'doc', 'addr2line', 'nm', 'dist', 'fix', 'test2json'].map(
    (tool) => `./usr/lib/go-*/pkg/tool/*/${tool}`,
  ),
  ...['./usr/share/go-*/test', './usr/share/go-*/api', './usr/share/go-*/misc', './usr/share/go-*/src/*/testdata'],
  ...['./usr/share/go-*/src/*_test.go', './usr/share/go-*/src/crypto/internal/boring/syso'],
  // gcc's optimiser at link time and its sanitizers; what cmake has beside itself; perl, which git asks for and its clones do not use.
  ...['./usr/lib/gcc/*/lto1', './usr/bin/*-lto-dump-*', './usr/lib/gcc/*/lib*san.a', './usr/lib/*/lib*san.so*'],
  ...['./usr/bin/ctest', './usr/bin/cpack', './usr/share/perl/*', './usr/lib/*/perl/*', './usr/lib/*/libperl.so*'],
];

/**
 * What builds install: the suites that the lab signs anew list these, and what they depend on, alone. A build that installs another
 * package is told that there is none of its name.
 * @typedef {{names: readonly string[], architectures: readonly string[], essential: boolean}} Installed `essential`: and an essential system, for
 *   base images that are made of packages
 */

/** The lab's roots are of this machine's own architecture. */
const architectureHere = process.arch === 'x64' ? 'amd64' : process.arch;

/** The closure of the light tree's `binary`. @type {Installed} */
export const lightPackages = {
  names: ['libseccomp-dev', 'libudev-dev', 'libbtrfs-dev', 'cmake', 'xxd'],
  architectures: [architectureHere],
  essential: false,
};

/** Those of 26.1's `binary` and `all`, and of the light tree in its shape, also for the other architecture. @type {Installed} */
export const trixiePackages = {
  names: [
    ...['file', 'gcc', other.gcc, 'libc6-dev', 'dpkg-dev', 'pkg-config', 'cmake', 'clang', 'lld', 'llvm', 'yamllint'],
    ...['libapparmor-dev', 'libbtrfs-dev', 'libseccomp-dev', 'libsecret-1-dev', 'libsystemd-dev', 'libudev-dev'],
    // What --base debian puts into a base image.
    ...['apt', 'ca-certificates', 'curl', 'debian-archive-keyring', 'g++', 'git', 'make', 'netbase', 'openssh-client'],
    'tzdata',
  ],
  architectures: ['amd64', 'arm64'],
  essential: true,
};

const path = 'PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * For 20.10: golang under the tags that its trees name, and vpnkit.
 * @param {string} golang the folder of `makeGolangLayer`
 * @param {string} vpnkit a static program that stands for it
 * @returns {import('./images.mjs').ImageSpec[]}
 */
export function bookwormImages(golang, vpnkit) {
  const config = { Env: [path, 'GOPATH=/go:/usr/share/gocode'], WorkingDir: '/go', Cmd: ['bash'] };
  const common = { below: golang, architectures: [architectureHere], config };
  return [
    { ...common, names: ['library/golang:1.16.12-buster'], files: oneLineSources('buster') },
    { ...common, names: ['library/golang:1.19.7-bullseye'], files: oneLineSources('bullseye') },
    {
      ...common,
      names: ['library/golang:1.19.7-bookworm', 'library/golang:1.16.12-bookworm'],
      files: deb822Sources('bookworm'),
    },
    {
      names: ['djs55/vpnkit:0.5.0'],
      architectures: ['amd64', 'arm64'],
      files: { vpnkit: { copyOf: vpnkit } },
      config: { Entrypoint: ['/vpnkit'] },
    },
  ];
}

/**
 * For 26.1.5: golang, which is trixie with Go 1.24 whatever its tag says, the same as busybox, and a stand-in for xx.
 * @param {string} golang the folder of `makeGolangLayer`
 * @returns {import('./images.mjs').ImageSpec[]}
 */
export function trixieImages(golang) {
  const debian = { below: golang, architectures: [architectureHere], files: deb822Sources('bookworm') };
  return [
    {
      ...debian,
      names: ['library/golang:1.21.12-bookworm'],
      config: { Env: [path, 'GOPATH=/go'], WorkingDir: '/go', Cmd: ['bash'] },
    },
    // Target `all` makes an empty folder in it, for what another system's build would hold.
    { ...debian, names: ['library/busybox:latest'], config: { Env: [path], Cmd: ['sh'] } },
    {
      names: ['tonistiigi/xx:1.4.0'],
      architectures: ['amd64', 'arm64'],
      files: Object.fromEntries(xxScripts.map(({ name, source }) => [`usr/bin/${name}`, { copyOf: source }])),
      config: {},
    },
  ];
}

/**
 * The scripts of the stand-in for xx: their names in its image, and in its repository, where the others are links to these.
 * @type {readonly {name: string, source: string, inRepository: string}[]}
 */
export const xxScripts = [
  ...['xx-info', 'xx-go', 'xx-pkg-config', 'xx-verify'].map((name) => ({ name, inRepository: name })),
  { name: 'xx-apt-get', inRepository: 'xx-apt' },
  { name: 'xx-clang', inRepository: 'xx-cc' },
].map((each) => ({ ...each, source: fileURLToPath(new URL(`xx/${each.name}`, import.meta.url)) }));

/** @param {string} suite @returns {import('./images.mjs').ImageSpec['files']} */
function oneLineSources(suite) {
  const security = suite === 'buster' ? 'buster/updates' : `${suite}-security`;
  const lines = [
    `http://${nowhere}/debian ${suite} main`,
    `http://${nowhere}/debian-security ${security} main`,
    `http://${nowhere}/debian ${suite}-updates main`,
  ];
  return { 'etc/apt/sources.list': { text: lines.map((rest) => `deb ${rest}\n`).join('') } };
}

/** @param {string} suite @returns {import('./images.mjs').ImageSpec['files']} */
function deb822Sources(suite) {
  const stanza = (/** @type {string} */ folder, /** @type {string} */ suites) =>
    `Types: deb\nURIs: http://${nowhere}/${folder}\nSuites: ${suites}\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n`;
  const text = [stanza('debian', `${suite} ${suite}-updates`), stanza('debian-security', `${suite}-security`)];
  return { 'etc/apt/sources.list.d/debian.sources': { text: text.join('\n') } };
}
