import { todaysMirrors } from '../../test/lab/mirrors.mjs';
import { startLab } from '../../test/lab/lab.mjs';
import type { Lab } from '../../test/lab/lab.mjs';
import type { Setting } from '../setting.ts';
import type { Row } from '../table.ts';

/** What a build in the lab cost: its time, and what the mirrors sent, by kind. */
interface Build {
  readonly seconds: number;
  readonly requests: number;
  /** apt, git, go, image → bytes. */
  readonly bytes: Readonly<Record<string, number>>;
}

interface Way {
  readonly name: string;
  /** A script for bash, in an empty folder of the lab. */
  readonly script: (commit: string) => string;
  /** It runs before, and is not measured. */
  readonly before?: (commit: string) => string;
}

const LIMIT = 20 * 60_000;
const KINDS = ['apt', 'git', 'go', 'image'] as const;

/** Whole builds of the light tree by a real engine, sealed off behind mirrors of the lab: by hand, by make alone, and by moby-build. */
export async function engine({ say }: Setting): Promise<Row[]> {
  if (process.getuid?.() !== 0) {
    say('builds in the lab: skipped, for they need root');
    return [];
  }
  const built = new Map<string, { readonly cold: Build; readonly warm: Build }>();
  for (const way of [HAND, MAKE, PRODUCT]) {
    say(`a lab for: ${way.name}`);
    // A new one each time, so that the engine has kept nothing of the way before.
    const lab = await startLab({ moby: 'light', mirrors: todaysMirrors });
    try {
      const commit = lab.repos['moby/moby']?.commit ?? '';
      if (way.before !== undefined) await inLab(lab, way.before(commit));
      built.set(way.name, { cold: await build(lab, way, commit), warm: await build(lab, way, commit) });
    } finally {
      await lab.stop();
    }
  }
  const product = built.get(PRODUCT.name);
  if (product === undefined) return [];
  return [HAND, MAKE].flatMap((way) => {
    const other = built.get(way.name);
    if (other === undefined) return [];
    return (['cold', 'warm'] as const).flatMap((heat) => rowsOf(heat, product[heat], way.name, other[heat]));
  });
}

function rowsOf(heat: string, product: Build, name: string, other: Build): Row[] {
  const row = (what: string, unit: Row['unit'], value: number, against: number): Row => ({
    section: 'engine',
    what: `${heat}: ${what}`,
    value,
    unit,
    against: { what: name, value: against },
    aim: null,
  });
  const all = (build: Build): number => Object.values(build.bytes).reduce((sum, bytes) => sum + bytes, 0);
  return [
    row('time', 's', product.seconds, other.seconds),
    row('requests', 'requests', product.requests, other.requests),
    row('bytes', 'MB', all(product) / 1e6, all(other) / 1e6),
    ...KINDS.map((kind) =>
      row(`bytes of ${kind}`, 'MB', (product.bytes[kind] ?? 0) / 1e6, (other.bytes[kind] ?? 0) / 1e6),
    ),
  ];
}

async function build(lab: Lab, way: Way, commit: string): Promise<Build> {
  lab.clearLogs();
  const start = performance.now();
  await inLab(lab, way.script(commit));
  const seconds = (performance.now() - start) / 1000;
  const requests = lab.requests();
  const bytes: Record<string, number> = {};
  for (const request of requests) bytes[request.kind] = (bytes[request.kind] ?? 0) + request.bytes;
  return { seconds, requests: requests.length, bytes };
}

async function inLab(lab: Lab, script: string): Promise<void> {
  const { exitCode, stdout, stderr } = await lab.exec(['bash', '-euc', script], { timeoutMs: LIMIT });
  if (exitCode !== 0) throw new Error(`in the lab: exit ${String(exitCode)}\n${`${stdout}\n${stderr}`.slice(-3000)}`);
}

const GIT = 'https://ghfast.top/https://github.com';
const APT = 'http://mirrors.aliyun.com/debian-archive/debian';

/** The recipe of 2022, with today's mirrors and what it left out: images, the frontend and the backports by hand, too. */
const HAND: Way = {
  name: 'by hand',
  script: () => `
mkdir -p /root/hand; cd /root/hand
[ -d moby ] || git clone --quiet ${GIT}/moby/moby.git moby
cd moby
if [ ! -e sources.list ]; then
  git checkout --quiet v20.10.12
  printf 'deb ${APT} %s main\\n' buster buster-updates buster-backports > sources.list
  sed -i -e '1d' \\
    -e 's#golang:\${GO_VERSION}#docker.m.daocloud.io/library/golang:\${GO_VERSION}#' \\
    -e 's#djs55/vpnkit:#docker.1ms.run/djs55/vpnkit:#' \\
    -e 's#^ENV GO111MODULE=off#ADD sources.list /etc/apt/sources.list\\nRUN echo "Acquire::Check-Valid-Until false;" > /etc/apt/apt.conf.d/old\\nENV GO111MODULE=off#' \\
    -e "s#deb http://[^ ]* buster-backports main#deb ${APT} buster-backports main#" Dockerfile
  sed -i 's#git clone https://github.com#git clone ${GIT}#' hack/dockerfile/install/*.installer
  sed -i 's#export GOPROXY=.*#export GOPROXY=https://goproxy.cn#' hack/dockerfile/install/rootlesskit.installer
fi
make binary VERSION=20.10.12 DOCKER_GITCOMMIT=$(git rev-parse --short HEAD)`,
};

const LINE = '--profile cn --no-probe --ref v20.10.12';

/** What moby-build patches, built by make alone: what it costs to be looked after. */
const MAKE: Way = {
  name: 'make alone',
  before: (commit) => `
mkdir -p /root/alone; cd /root/alone
git clone --quiet ${GIT}/moby/moby.git moby
cd moby; git checkout --quiet v20.10.12
moby-build patch ${LINE} --commit ${commit} > ../set.mbox
git -c user.name=b -c user.email=b@bench.invalid am --quiet ../set.mbox`,
  script: () => 'cd /root/alone/moby; make binary VERSION=20.10.12 DOCKER_GITCOMMIT=$(git rev-parse --short HEAD)',
};

const PRODUCT: Way = {
  name: 'moby-build',
  script: (commit) => `cd /root; moby-build --quiet ${LINE} --commit ${commit}`,
};
