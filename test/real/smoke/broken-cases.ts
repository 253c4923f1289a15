import { probeBinary } from '../../../src/smoke/probe/probe-binary.ts';
import { hostArch } from '../../../src/smoke/daemon/programs.ts';
import type { SmokeOptions } from '../../../src/smoke/smoke.ts';
import type { Shims } from './broken-folder.ts';

const PROBE = probeBinary(hostArch()) ?? new Uint8Array();
/**
 * An executable that no machine can run, with whatever emulation: its header says s390x (e_machine 22 at byte 18, elf(5)), but in the wrong
 * byte order.
 */
export const FOREIGN = PROBE.map((byte, index) => (index === 18 ? 22 : byte));

/** A dockerd that drops or adds flags: `if` is a shell pattern on all of them. */
const rewrite = (cases: string): string => `for flag do shift
case "$flag" in
${cases}
*) set -- "$@" "$flag";;
esac
done
exec /moby/bin/dockerd.real "$@"`;

/** A broken folder, and what fails of it. */
export interface Case {
  readonly title: string;
  readonly shims: Shims;
  readonly options?: Omit<SmokeOptions, 'dir'>;
  readonly only: readonly string[];
  /** Exactly these fail, with such words. */
  readonly fails: Readonly<Record<string, RegExp>>;
}

/** Programs of the folder that are broken, each in a way of its own. */
export const CASES: readonly Case[] = [
  {
    title: 'dockerd that knows no words',
    shims: { dockerd: 'echo hello' },
    only: ['help', 'version', 'unknown-flag', 'config-conflict', 'config-unknown-key', 'not-root', 'pid-file-taken'],
    fails: {
      help: /expected exit code 0 and a list of options with --data-root; seen exit code 0, “hello”/,
      version: /expected “Docker version X, build Y”; seen exit code 0, “hello”/,
      'unknown-flag': /expected a refusal .*; seen exit code 0, “hello”/,
      'config-conflict': /expected a refusal .*; seen exit code 0/,
      'config-unknown-key': /expected a refusal .*; seen exit code 0/,
      'not-root': /expected a refusal .*; seen exit code 0/,
      'pid-file-taken': /dockerd left with exit code 0 instead of serving: hello/,
    },
  },
  {
    title: 'dockerd that hangs',
    shims: { dockerd: 'exec sleep 1000' },
    options: { dir: '', patience: 0.15 } as never,
    only: ['version', 'api-unix', 'umask', 'container'],
    fails: {
      version: /still running at the time limit|an end within/,
      'api-unix': /did not answer on .* within 6 s|an end within 9 s/,
    },
  },
  {
    title: 'dockerd that crashes',
    shims: {
      dockerd: 'case "$*" in *main*) echo "panic: no such luck" >&2; exit 2;; esac; exec /moby/bin/dockerd.real "$@"',
    },
    only: ['version', 'api-unix', 'umask', 'container', 'stop'],
    fails: { 'api-unix': /dockerd left with exit code 2 instead of serving: panic: no such luck/ },
  },
  {
    title: 'dockerd that leaves in the middle',
    // While graph-driver-unknown runs, which needs no daemon: at no time that a busy machine would miss.
    shims: {
      dockerd: `case "$*" in
*config-file=/moby/main*) /moby/bin/dockerd.real "$@" & until [ -e /moby/leave ]; do sleep 0.1; done; kill -KILL $!; exit 9;;
*no-such-driver*) : >/moby/leave;;
esac
exec /moby/bin/dockerd.real "$@"`,
    },
    only: ['api-unix', 'graph-driver-unknown', 'tls-with-certificate', 'reload', 'stop'],
    fails: { reload: /dockerd left with exit code 9/ },
  },
  {
    title: 'dockerd that hears only half of its flags',
    shims: {
      dockerd:
        rewrite(`--mtu=1400|--storage-driver=vfs|--registry-mirror=*|--log-level=error|--containerd=*|--host=tcp://127.0.0.1:2375) ;;
--tlsverify) set -- "$@" --tlsverify=false;;`),
    },
    only: [
      'log-level',
      'tls-without-certificate',
      'api-tcp',
      'containerd-outside',
      'mtu-flag',
      'registry',
      'graph-driver-vfs',
      'version',
    ],
    fails: {
      'log-level': /expected nothing below error with --log-level=error; seen .*level=info/,
      'tls-without-certificate': /expected a client without a certificate turned away; seen it was served/,
      'api-tcp': /ECONNREFUSED/,
      'containerd-outside': /expected no containerd below dockerd; seen 1 of them/,
      'mtu-flag': /expected MTU 1400; seen MTU/,
      registry: /expected mirror https:\/\/mirror.example\/; seen/,
      'graph-driver-vfs': /expected vfs; seen “overlay2”/,
    },
  },
  {
    title: 'dockerd with defaults of its own',
    shims: {
      dockerd: `case "$*" in
*no-such-driver*) echo "all drivers are fine"; exit 0;;
*config-file=/moby/main*) exec /moby/bin/dockerd.real "$@" --mtu=1300 --storage-driver=vfs --add-runtime=other=/moby/bin/runc --default-runtime=other;;
*config-file=/moby/second*) shift; echo {} >/moby/other.json; set -- --config-file=/moby/other.json "$@";;
esac
for flag do shift
case "$flag" in --host=tcp://127.0.0.1:2376) ;; *) set -- "$@" "$flag";; esac
done
exec /moby/bin/dockerd.real "$@"`,
    },
    only: [
      'tls-with-certificate',
      'mtu-default',
      'graph-driver',
      'graph-driver-unknown',
      'runtimes',
      'runtimes-script',
      'version',
    ],
    fails: {
      'tls-with-certificate': /ECONNREFUSED/,
      'runtimes-script': /expected the runtime of the configuration file; seen/,
      'mtu-default': /expected MTU 1500; seen MTU 1300/,
      'graph-driver': /expected overlay2, the first of .*; seen “vfs”/,
      'graph-driver-unknown': /expected a refusal .*; seen exit code 0, “all drivers are fine”/,
      runtimes: /expected default runtime runc; seen “other”/,
    },
  },
  {
    title: 'dockerd whose files are spoilt',
    shims: {
      dockerd: `case "$*" in *config-file=/moby/main*)
(cd /moby/main; until [ -d data/runtimes ] && [ -d data/containers ]; do sleep 0.02; done
echo 1 >docker.pid; chmod 600 docker.pid; chmod 777 data; chmod 755 exec; chmod 755 data/containers; : >data/runtimes/stranger) & ;;
esac
exec /moby/bin/dockerd.real "$@"`,
    },
    only: ['umask', 'data-root', 'exec-root', 'pid-file', 'containers-dir', 'runtimes'],
    fails: {
      umask: /expected the pid file -rw-r--r-- though started with umask 0077; seen -rw-------/,
      'data-root': /others can neither list nor write; seen rwxrwxrwx/,
      'exec-root': /expected drwx------; seen drwxr-xr-x/,
      'pid-file': /expected process number \d+; seen “1”/,
      'containers-dir': /expected a directory closed to others; seen mode 755/,
      runtimes: /expected `runtimes\/` empty; seen stranger/,
    },
  },
  {
    title: 'dockerd that ignores a taken pid file',
    shims: { dockerd: 'case "$*" in *taken*) exit 0;; esac; exec /moby/bin/dockerd.real "$@"' },
    only: ['pid-file', 'pid-file-taken'],
    fails: { 'pid-file-taken': /expected a refusal that says “ensure docker is not running/ },
  },
  {
    title: 'containerd that crashes',
    shims: { containerd: 'echo "containerd: cannot go on" >&2; exit 4' },
    options: { patience: 0.8 },
    only: ['api-unix', 'umask', 'containerd-started', 'containerd-outside', 'container'],
    fails: {
      'containerd-started': /containerd/,
      'containerd-outside': /containerd left instead of serving: containerd: cannot go on/,
    },
  },
  {
    title: 'containerd that hangs',
    shims: { containerd: 'exec sleep 1000' },
    options: { patience: 0.8 },
    only: ['api-unix', 'containerd-started', 'container'],
    fails: { 'containerd-started': /timeout waiting for containerd to start|did not answer/ },
  },
  {
    title: 'containerd of another architecture',
    shims: { containerd: FOREIGN },
    only: ['api-unix', 'containerd-started', 'container'],
    fails: { 'containerd-started': /exec format error/ },
  },
  {
    title: 'runc that crashes',
    shims: { runc: 'echo "no luck" >&2; exit 1' },
    only: ['api-unix', 'image-import', 'container'],
    fails: { container: /start: [45]00 .*OCI runtime create failed: .*runc did not terminate/ },
  },
  {
    title: 'runc that hangs',
    shims: { runc: 'case "$*" in *create*) exec sleep 1000;; esac; exec /moby/bin/runc.real "$@"' },
    options: { patience: 0.4 },
    only: ['api-unix', 'container', 'api-unknown-route'],
    fails: { container: /expected an end within 24 s; seen none/ },
  },
  {
    title: 'runc of another architecture',
    shims: { runc: FOREIGN },
    only: ['api-unix', 'container'],
    fails: { container: /exec format error/ },
  },
  {
    title: 'runc that forgets memory limits',
    shims: {
      runc: `for word do case "$last" in --bundle) sed -i 's/"limit":67108864,"swap":134217728,\\{0,1\\}//; s/"limit":67108864,\\{0,1\\}//' "$word/config.json";; esac; last=$word; done
exec /moby/bin/runc.real "$@"`,
    },
    only: ['container', 'container-memory'],
    fails: { 'container-memory': /expected 67108864 read in the container; seen “\d+” ?/ },
  },
  {
    title: 'docker-init that is something else',
    shims: { 'docker-init': PROBE },
    only: ['container', 'container-init'],
    fails: { 'container-init': /expected a running container; seen exited, exit code 93/ },
  },
  {
    title: 'docker-init of another architecture',
    shims: { 'docker-init': FOREIGN },
    only: ['container', 'container-init'],
    fails: { 'container-init': /expected a running container; seen .*exec format error/i },
  },
  {
    title: 'docker-proxy that crashes',
    shims: { 'docker-proxy': 'exit 1' },
    only: ['container', 'published-port'],
    fails: { 'published-port': /proxy/ },
  },
  {
    title: 'docker-proxy that only says it listens',
    shims: { 'docker-proxy': 'echo 0 >&3; exec sleep 1000' },
    only: ['container', 'published-port'],
    fails: {
      'published-port':
        /expected (a docker-proxy below dockerd; seen none|docker-proxy listening on 18080; seen it is not)/,
    },
  },
  {
    title: 'docker-proxy of another architecture',
    shims: { 'docker-proxy': FOREIGN },
    only: ['container', 'published-port'],
    fails: { 'published-port': /exec format error/ },
  },
];
