import { quoteWord } from '../system/command-line.ts';

/** What the last lines of a build are made of. */
export interface InstallInput {
  readonly outDir: string;
  readonly target: string;
  /** Names that were built: `dockerd`, `runc`, … */
  readonly names: readonly string[];
  /** GOARCH of what was built and of this machine. */
  readonly arch: string;
  readonly hostArch: string;
  /** A rootless engine was built with, so its user may want a rootless one. */
  readonly rootless: boolean;
}

/** A titled list of commands; `lines` are to paste, one each. */
export interface InstallHint {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Where the drop-in and the binaries go: nothing that a distribution's package owns is overwritten, so going back is removing two things. */
const PREFIX = '/opt/moby-build';
const DROP_IN = '/etc/systemd/system/docker.service.d/moby-build.conf';

/**
 * Says how to install what was built, and how to go back. The binaries go beside the distribution's own, and a systemd drop-in
 * makes docker.service start them (systemd.unit(5): an empty ExecStart= clears the old one). Without systemd: the same by hand. Pure.
 *
 * dockerd of 20.10 starts its own containerd from PATH when no `--containerd` is given (daemon/daemon_unix.go, initContainerd).
 */
export function installHints(input: InstallInput): readonly InstallHint[] {
  const from = quoteWord(input.outDir);
  if (input.arch !== input.hostArch) {
    return [
      {
        title: `These binaries are for ${input.arch}. Take them to such a machine, unpack them there, and go on there`,
        lines: [`tar -C ${from} -czf moby-linux-${input.arch}.tar.gz .`],
      },
    ];
  }
  const hints: InstallHint[] = [
    {
      title:
        "Install, beside what the distribution's docker package has (systemd); /var/lib/docker is used as it is, so save it first if a newer engine wrote it",
      lines: [
        'sudo systemctl stop docker.service docker.socket',
        `sudo mkdir -p ${PREFIX} /etc/systemd/system/docker.service.d`,
        `sudo cp -a --no-preserve=ownership ${from}/. ${PREFIX}/`,
        `printf '[Service]\\nEnvironment=PATH=${PREFIX}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\\nExecStart=\\nExecStart=${PREFIX}/dockerd -H fd://\\n' | sudo tee ${DROP_IN}`,
        'sudo systemctl daemon-reload',
        'sudo systemctl start docker.service',
        "docker version --format '{{.Server.Version}}'",
      ],
    },
    {
      title: 'Go back',
      lines: [
        'sudo systemctl stop docker.service docker.socket',
        `sudo rm ${DROP_IN}`,
        'sudo systemctl daemon-reload',
        'sudo systemctl start docker.service',
        `sudo rm -r ${PREFIX}`,
      ],
    },
  ];
  if (!input.names.includes('containerd')) {
    hints.push({
      title: `This target makes ${input.names.join(' and ')} only; containerd, runc and the others stay those of the machine`,
      lines: [],
    });
  }
  if (input.rootless && input.names.includes('rootlesskit')) {
    hints.push({
      title: 'Rootless, for this user alone',
      lines: [
        `PATH=${from}:"$PATH" ${from}/dockerd-rootless-setuptool.sh install`,
        `PATH=${from}:"$PATH" ${from}/dockerd-rootless-setuptool.sh uninstall   # to go back`,
      ],
    });
  }
  return hints;
}
