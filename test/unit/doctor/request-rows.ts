import type { Otherwise } from './asked.ts';

const bake = { builtBy: 'bake' } as const;
export const fails = () => Promise.reject(new Error('no permission'));
export const noProgram = { program: () => Promise.resolve(null) };

/** A check, what is otherwise, and what it then says; a null fix is none. */
export type Row = readonly [id: string, otherwise: Otherwise, result: string, seen: RegExp, fix: RegExp | null];

/** The request, the client and the engine. */
export const REQUEST_ROWS: readonly Row[] = [
  ['profile', { asked: { problems: { profile: { message: 'bad line', fix: null } } } }, 'failed', /bad line/, null],
  ['source', { asked: { sourceDir: '/src/moby' } }, 'ok', /^\/src\/moby$/, null],
  [
    'source',
    { asked: { sourceDir: '/src', problems: { source: { message: 'no tree', fix: 'git clone' } } } },
    'failed',
    /no tree/,
    /^git clone$/,
  ],
  ['source', {}, 'skipped', /fetched/, null],
  ['ref', { asked: { problems: { ref: { message: 'not known', fix: 'x' } } } }, 'failed', /not known/, /x/],
  ['ref', { asked: { ref: 'main', series: null } }, 'unknown', /could not look: main names no version/, null],
  [
    'ref',
    {
      asked: {
        ref: 'v20.10.1',
        series: {
          ...{ name: '20.10', nftables: false },
          ended: { lastRelease: 'v20.10.27', date: '2023-12-01' },
        },
      },
    },
    'warning',
    /end-of-life since v20\.10\.27 of 2023-12-01/,
    /untrusted/,
  ],
  [
    'variables',
    { asked: { strays: [{ name: 'MOBY_BUILD_RFE', nearest: 'MOBY_BUILD_REF' }] } },
    'warning',
    /MOBY_BUILD_RFE means nothing/,
    /^unset MOBY_BUILD_RFE {3}# MOBY_BUILD_RFE may mean MOBY_BUILD_REF$/,
  ],
  [
    'build-variables',
    { asked: { dropped: ['GO_VERSION', 'VERSION'] } },
    'warning',
    /GO_VERSION/,
    /^unset GO_VERSION V/,
  ],

  ['buildx-version', {}, 'skipped', /without bake/, null],
  ['buildx-version', { asked: bake, engine: { buildxVersion: 'v0.13.1' } }, 'ok', /0\.13\.1/, null],
  ['buildx-version', { asked: bake, engine: { buildxVersion: '0.7.1' } }, 'failed', /0\.8\.0 is the least/, /buildx/],
  ['buildx-version', { asked: bake, engine: { buildxVersion: 'devel' } }, 'unknown', /devel/, null],
  ['docker-host', { env: { DOCKER_HOST: 'tcp://h:1' } }, 'ok', /DOCKER_HOST=tcp/, null],
  [
    'docker-host',
    { env: { DOCKER_HOST: 'tcp://h:1', DOCKER_CONTEXT: 'far' } },
    'warning',
    /wins over DOCKER_CONTEXT=far/,
    /^unset DOCKER_HOST/,
  ],
  ['api-version', { env: { DOCKER_API_VERSION: '1.40' } }, 'warning', /newer features/, /^unset DOCKER_API_VERSION$/],
  ['api-version', { env: { DOCKER_API_VERSION: '1.52' } }, 'failed', /1\.41 at most/, /^unset/],
  [
    'api-version',
    { env: { DOCKER_API_VERSION: '1.41' }, engine: { apiVersion: '1.52', minApiVersion: '1.44' } },
    'failed',
    /1\.44 is the least/,
    /^unset/,
  ],
  ['api-version', { env: { DOCKER_API_VERSION: 'x' } }, 'failed', /no version/, /^unset/],
  [
    'api-version',
    {
      env: { DOCKER_API_VERSION: '1.41' },
      engine: { apiVersion: null, minApiVersion: null, refused: { kind: 'api-version', message: 'too old' } },
    },
    'failed',
    /does not speak it/,
    /^unset/,
  ],
  [
    'credential-helper',
    { files: { '/home/ann/.docker/config.json': '{"credsStore":"desktop"}' }, machine: noProgram },
    'warning',
    /docker-credential-desktop, which is not on PATH/,
    /^Install docker-credential-desktop/,
  ],
  [
    'credential-helper',
    { files: { '/home/ann/.docker/config.json': '{"credHelpers":{"r.example":"pass"}}' } },
    'ok',
    /^pass$/,
    null,
  ],
  ['credential-helper', { files: { '/home/ann/.docker/config.json': '{' } }, 'failed', /is no JSON/, /Correct/],
  [
    'credential-helper',
    { env: { DOCKER_CONFIG: '/cfg' }, files: { '/cfg/config.json': '{"credsStore":"../evil"}' }, machine: noProgram },
    'ok',
    /none/,
    null,
  ],
  ['credential-helper', { look: { text: fails } }, 'unknown', /could not look: no permission/, null],

  ['storage-driver', { engine: { storageDriver: 'vfs' } }, 'warning', /copies every layer/, /overlay2/],
  ['storage-driver', { engine: { storageDriver: 'devicemapper' } }, 'warning', /outdated/, /overlay2/],
  ['storage-driver', { engine: { storageDriver: null } }, 'unknown', /does not say/, null],
  ['seccomp', { engine: { serverVersion: '20.10.9' } }, 'warning', /bookworm and later; 20\.10\.10/, /Update/],
  [
    'seccomp',
    { engine: { serverVersion: '20.10.5' }, asked: { suite: 'bookworm' } },
    'failed',
    /of bookworm/,
    /bullseye/,
  ],
  ['seccomp', { engine: { serverVersion: null } }, 'unknown', /version/, null],
  ['cores', { engine: { serverCpus: 1 } }, 'warning', /^1:/, /more cores/],
  ['cores', { engine: { serverCpus: null } }, 'unknown', /does not say/, null],
  [
    'bridge-mtu',
    { files: { '/sys/class/net/eth0/mtu': '1400\n' } },
    'warning',
    /1500, but eth0 has 1400/,
    /"mtu": 1400/,
  ],
  ['bridge-mtu', { files: { '/sys/class/net/docker0/mtu': null } }, 'unknown', /docker0/, null],
  ['bridge-mtu', { files: { '/proc/net/route': 'Iface\n' } }, 'unknown', /default route/, null],
  ['bridge-mtu', { asked: { network: 'host' } }, 'skipped', /network of this machine/, null],
  ['ip-forward', { files: { '/proc/sys/net/ipv4/ip_forward': '0\n' } }, 'failed', /reach no network/, /^sudo sysctl/],
  ['ip-forward', { files: { '/proc/sys/net/ipv4/ip_forward': null } }, 'unknown', /is not there/, null],
  ['container-dns', { files: { '/etc/resolv.conf': 'nameserver 127.0.0.1\n' } }, 'warning', /8\.8\.8\.8/, /"dns"/],
  [
    'container-dns',
    {
      files: {
        '/etc/resolv.conf': 'nameserver 127.0.0.53\n',
        '/run/systemd/resolve/resolv.conf': 'nameserver 192.0.2.7\n',
      },
    },
    'ok',
    /192\.0\.2\.7/,
    null,
  ],
  [
    'container-dns',
    { files: { '/etc/resolv.conf': 'nameserver ::1\n', '/etc/docker/daemon.json': '{"dns": ["192.0.2.7"]}' } },
    'ok',
    /daemon\.json/,
    null,
  ],
  ['container-dns', { files: { '/etc/resolv.conf': '\n' } }, 'warning', /names no server/, /"dns"/],
];
