import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/system/package-root.ts';

/** The files that say how names resolve, as this test wants them. */
export interface Names {
  readonly resolv: string;
  readonly hosts?: string;
}

/** A name server's address from which nothing ever comes: the device of `inNamespace` drops what is sent there. */
export const SILENT_SERVER = '10.91.0.53';

/** Namespaces take root and a kernel that has them. */
export const hasNamespaces =
  spawnSync('unshare', [
    '--net',
    '--mount',
    'sh',
    '-c',
    'ip link add d0 type veth peer name d1 && mount --bind /etc /etc',
  ]).status === 0;

/**
 * The command line of a program in network and mount namespaces of its own: loopback, a device that drops everything, and these files in
 * /etc. `dir`: where they are written.
 */
export function inNamespace(dir: string, { resolv, hosts = '127.0.0.1 localhost\n' }: Names): string[] {
  const etc = join(dir, 'etc');
  mkdirSync(etc, { recursive: true });
  writeFileSync(join(etc, 'resolv.conf'), resolv);
  writeFileSync(join(etc, 'hosts'), hosts);
  writeFileSync(join(etc, 'nsswitch.conf'), 'hosts: files dns\n');
  const script = [
    'set -e',
    'ip link set lo up',
    // The far end is up and nobody's: what is sent there is lost without a word.
    'ip link add d0 type veth peer name d1 && ip link set d1 up',
    'ip link set d0 arp off up && ip addr add 10.91.0.1/24 dev d0',
    'for file in resolv.conf hosts nsswitch.conf; do mount --bind "$0/$file" "$(readlink -f "/etc/$file")"; done',
    'exec "$@"',
  ];
  return ['unshare', '--net', '--mount', 'sh', '-c', script.join('\n'), etc];
}

/** Node with our TypeScript. */
export const TYPESCRIPT = [process.execPath, '--import', join(packageRoot(), 'test/support/typescript-loader.mjs')];
