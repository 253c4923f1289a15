import type { Machine, OsRelease } from './context.ts';

/** What may lack, by what it is for. */
export type Lacking = 'git' | 'make' | 'bash' | 'docker' | 'buildx' | 'buildx-of-docker' | 'emulation' | 'iptables';

interface PackageManager {
  readonly families: readonly string[];
  /** Words before the package names. */
  readonly install: string;
  readonly needsRoot: boolean;
  readonly packages: Readonly<Record<Lacking, readonly string[]>>;
}

/** Distributions' own packages: they come from the mirror that this machine already uses. */
const MANAGERS: readonly PackageManager[] = [
  {
    families: ['debian', 'ubuntu'],
    install: 'apt-get install -y',
    needsRoot: true,
    packages: {
      git: ['git'],
      make: ['make'],
      bash: ['bash'],
      docker: ['docker.io'],
      buildx: ['docker-buildx'],
      'buildx-of-docker': ['docker-buildx-plugin'],
      emulation: ['qemu-user-static', 'binfmt-support'],
      iptables: ['iptables'],
    },
  },
  {
    families: ['fedora', 'rhel', 'centos'],
    install: 'dnf install -y',
    needsRoot: true,
    packages: {
      git: ['git'],
      make: ['make'],
      bash: ['bash'],
      docker: ['moby-engine'],
      buildx: ['docker-buildx'],
      'buildx-of-docker': ['docker-buildx-plugin'],
      emulation: ['qemu-user-static'],
      iptables: ['iptables'],
    },
  },
  {
    families: ['arch'],
    install: 'pacman -S --needed',
    needsRoot: true,
    packages: {
      git: ['git'],
      make: ['make'],
      bash: ['bash'],
      docker: ['docker'],
      buildx: ['docker-buildx'],
      'buildx-of-docker': ['docker-buildx-plugin'],
      emulation: ['qemu-user-static', 'qemu-user-static-binfmt'],
      iptables: ['iptables'],
    },
  },
  {
    families: ['suse', 'opensuse'],
    install: 'zypper install -y',
    needsRoot: true,
    packages: {
      git: ['git'],
      make: ['make'],
      bash: ['bash'],
      docker: ['docker'],
      buildx: ['docker-buildx'],
      'buildx-of-docker': ['docker-buildx-plugin'],
      emulation: ['qemu-linux-user'],
      iptables: ['iptables'],
    },
  },
  {
    families: ['alpine'],
    install: 'apk add',
    needsRoot: true,
    packages: {
      git: ['git'],
      make: ['make'],
      bash: ['bash'],
      docker: ['docker'],
      buildx: ['docker-cli-buildx'],
      'buildx-of-docker': ['docker-buildx-plugin'],
      emulation: ['qemu-openrc'],
      iptables: ['iptables'],
    },
  },
];

/**
 * The command that installs what lacks on this machine, with sudo unless root; null where we do not know its packages (then
 * a sentence must do).
 */
export function installCommand(
  lacking: readonly Lacking[],
  machine: Pick<Machine, 'os' | 'isRoot' | 'platform'>,
): string | null {
  if (machine.platform !== 'linux') return null;
  const manager = managerOf(machine.os);
  if (manager === null) return null;
  const wanted =
    lacking.includes('docker') && clientNeedsBuildx(machine.os) ? [...lacking, 'buildx' as const] : lacking;
  const packages = new Set(wanted.flatMap((name) => manager.packages[name]));
  // From trixie on docker.io only recommends the client.
  if (lacking.includes('docker') && manager.families.includes('debian') && newDebian(machine.os))
    packages.add('docker-cli');
  return `${manager.needsRoot && !machine.isRoot ? 'sudo ' : ''}${manager.install} ${[...packages].join(' ')}`;
}

function managerOf(os: OsRelease): PackageManager | null {
  const names = [os.id, ...os.idLike];
  return (
    MANAGERS.find(({ families }) =>
      families.some((family) => names.includes(family) || names.some((name) => name.startsWith(`${family}-`))),
    ) ?? null
  );
}

/** Debian up to 12 packages a client of 20.10 with BuildKit inside; everything newer hands over to the plugin. */
function clientNeedsBuildx(os: OsRelease): boolean {
  return os.id !== 'debian' || newDebian(os);
}

/** Testing and unstable have no version. */
function newDebian(os: OsRelease): boolean {
  return os.id === 'debian' && (os.versionId === null || Number(os.versionId) >= 13);
}

/**
 * One command out of many: install commands of one package manager are joined, so that a machine that lacks three things is
 * mended by one line. Others stay as they are, in order. apt's lists are updated first: an image's are empty.
 */
export function joinInstalls(fixes: readonly string[]): string[] {
  const joined: string[] = [];
  const packages = new Map<string, Set<string>>();
  for (const fix of fixes) {
    const manager = managerIn(fix);
    if (manager === null) {
      if (!joined.includes(fix)) joined.push(fix);
      continue;
    }
    const words = fix.slice(0, fix.indexOf(manager.install) + manager.install.length);
    const known = packages.get(words) ?? new Set<string>();
    for (const name of fix.slice(words.length).trim().split(/\s+/)) known.add(name);
    packages.set(words, known);
  }
  const installs = [...packages].map(([words, names]) => {
    const command = `${words} ${[...names].join(' ')}`;
    return words.includes('apt-get') ? `${words.replace(/install -y$/, 'update')} && ${command}` : command;
  });
  return [...installs, ...joined];
}

/** The manager whose install command a fix is; null for any other fix. One with a remark is to be read, not run. */
function managerIn(fix: string): PackageManager | null {
  if (fix.includes(' #')) return null;
  return MANAGERS.find(({ install }) => fix.startsWith(`${install} `) || fix.startsWith(`sudo ${install} `)) ?? null;
}

/**
 * The commands that install what these fixes install, as words to run without a shell; other fixes are left to a person. They ask for no yes
 * of their own. Pure.
 */
export function installSteps(fixes: readonly string[]): readonly (readonly string[])[] {
  return joinInstalls(fixes.filter((fix) => managerIn(fix) !== null))
    .flatMap((command) => command.split(' && '))
    .map((command) => {
      const words = command.split(' ');
      const [first = '', ...rest] = words[0] === 'sudo' ? words.slice(1) : words;
      const quiet = first === 'pacman' ? [first, ...rest, '--noconfirm'] : [first, ...rest];
      return words[0] === 'sudo' ? ['sudo', ...quiet] : quiet;
    });
}
