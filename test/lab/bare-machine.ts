import type { Ran } from '../support/walk.ts';
import type { Lab } from './lab.mjs';

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** The root of the second machine becomes the root: an engine cannot work in a chroot. */
const ENTER = `cd /srv/bare && pivot_root . .old && umount -l /.old && cd /root && bash -c "$1"`;
const STARTED = 'until [ -S /run/docker.sock ]; do pgrep -x dockerd >/dev/null || exit; sleep 0.1; done';

/**
 * What somebody who runs machines in this network has set up: the name server, a mirror that apt is served by, the network's authority, how
 * an engine works here. The last line stands for a machine that lets its services raise limits; the lab's own may not.
 */
const SET_UP = `set -e
cp -L /srv/lab/ca.pem /srv/bare/usr/local/share/ca-certificates/lab.crt
cd /srv/bare; . /srv/lab/inside.env
echo "nameserver $LAB_ADDRESS" > etc/resolv.conf
cp /etc/hosts etc/hosts
for suite in bookworm bookworm-updates; do echo "deb http://mirrors.163.com/debian $suite main"; done > etc/apt/sources.list
printf '#!/bin/sh\nexec node /opt/moby-build/bin/moby-build.cjs "$@"\n' > usr/local/bin/moby-build
chmod 755 usr/local/bin/moby-build
chroot . update-ca-certificates > /dev/null 2>&1
mkdir -p etc/docker
printf '{"bip": "%s", "dns": ["%s"], "cgroup-parent": "%s", "iptables": false, "ip-masq": false, "userland-proxy": false}' \
  "$LAB_BRIDGE" "$LAB_ADDRESS" "$LAB_CGROUP" > etc/docker/daemon.json
echo force-confold >> etc/dpkg/dpkg.cfg.d/lab
echo 'ulimit() { true; }' > etc/default/docker
kill "$(cat /run/docker.pid)"; while [ -e /run/docker.pid ]; do sleep 0.1; done`;

/**
 * A machine in the lab's network with nothing but Debian's minimal system and Node. Its `/root` and `/run` are those of the lab's own root, so
 * what is built there, and its engine, are seen by both. The lab's own engine has ended: two cannot share a bridge.
 */
export class BareMachine {
  readonly #lab: Lab;

  private constructor(lab: Lab) {
    this.#lab = lab;
  }

  static async start(lab: Lab): Promise<BareMachine> {
    const { exitCode, stderr } = await lab.exec(['bash', '-c', SET_UP]);
    if (exitCode !== 0) throw new Error(`the bare machine is not set up: ${stderr}`);
    return new BareMachine(lab);
  }

  /** As a shell of root runs it, and the next one types more slowly than an engine starts that was told to. */
  async run(line: string): Promise<Ran> {
    const enter = `unshare --mount --propagation private bash -c ${quoted(ENTER)} bash "$1"`;
    const { exitCode, stdout, stderr } = await this.#lab.exec(['bash', '-c', enter, 'bash', line], {
      env: {
        NODE_EXTRA_CA_CERTS: '/usr/local/share/ca-certificates/lab.crt',
        DEBIAN_FRONTEND: 'noninteractive',
      },
      timeoutMs: 45 * 60_000,
    });
    if (line.startsWith('service')) await this.#lab.exec(['bash', '-c', STARTED], { timeoutMs: 60_000 });
    return { status: exitCode ?? 1, stdout, stderr };
  }
}
