import { dirname, join } from 'node:path';
import type { SealFacts } from '../../document/parts.ts';
import {
  removeSealed,
  removeSealedAtLeave,
  makeInternalNetwork,
  makeSealedBuilder,
  notPossible,
  sealedName,
  type Docker,
} from '../../seal/sealed-builder.ts';
import { startProxy, type SealedProxy } from '../../seal/proxy.ts';
import { onLeave, stoppingSignal } from '../../system/process/supervisor.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import { removeTree } from '../../system/files/remove-tree.ts';
import { MESSAGES } from '../../ui/messages.ts';
import { SEALED_NAME, sealedText } from '../../workdir/sealed.ts';
import type { Io } from '../stage/io.ts';
import type { Applied, Built } from '../stage/stages.ts';
import { tryCanary } from './canary-build.ts';
import { plannedHosts } from './planned-hosts.ts';
import type { Sealing } from '../../seal/sealing.ts';

/** What runs under seal: the whole build, with its changes of mirror. */
type Build = (io: Io) => Promise<Omit<Built, 'seal'>>;

/**
 * Builds so that the steps reach the hosts of the plan alone, or with a bundle none; without `--seal` as ever.
 *
 * @throws MobyBuildError `seal-not-possible` (3), `seal-broken` (6), `sealed-off` (6); what the build throws
 */
export async function sealedBuild(from: Applied, io: Io, build: Build): Promise<Built> {
  if (!from.options.seal) return { ...(await build(io)), seal: null };
  return from.bundle === null ? throughProxy(from, io, build) : withoutNetwork(from, io, build);
}

/** A name that a step might ask for; it is nobody's where the seal holds. */
const ASKED = 'github.com';

async function withoutNetwork(from: Applied, io: Io, build: Build): Promise<Built> {
  io.say(MESSAGES.tryingSeal);
  const builder = from.command.spec.env['BUILDX_BUILDER'] ?? null;
  const canary = await tryCanary(from, io, { builder, env: {}, input: { name: ASKED, network: { is: 'none' } } });
  const sealing: Sealing = { env: {}, allow: () => undefined, traffic: null };
  const built = await build({ ...io, sealing });
  return { ...built, seal: { mechanism: 'no-network', canary, planned: [], contacted: [], refused: [] } };
}

async function throughProxy(from: Applied, io: Io, build: Build): Promise<Built> {
  const workDir = dirname(from.logFile);
  const name = sealedName(workDir);
  const docker = dockerOf(from, io);
  const marker = join(workDir, SEALED_NAME);
  io.say(MESSAGES.makingSeal);
  // What a killed run left has the same name.
  await removeSealed(name, docker);
  await writeFileAtomic(marker, sealedText({ name, context: docker.context }));
  const forget = onLeave(() => {
    removeSealedAtLeave(name, docker);
  });
  try {
    const gateway = await makeInternalNetwork(name, docker);
    const proxy = await listen(gateway, io);
    try {
      return await behind(proxy, `http://${gateway}:${String(proxy.port)}`, gateway);
    } finally {
      proxy.close();
    }
  } finally {
    // Nothing can be started any more where a signal ends the run: it is removed when the process leaves.
    if (stoppingSignal() === null) {
      await removeSealed(name, docker);
      await removeTree(marker);
      forget();
    }
  }

  async function behind(proxy: SealedProxy, url: string, gateway: string): Promise<Built> {
    proxy.allow(plannedHosts(from));
    const env = sealedEnvironment(url);
    await makeSealedBuilder(name, url, from.options.sealImage, docker);
    io.say(MESSAGES.tryingSeal);
    const canary = await tryCanary(from, io, {
      builder: name,
      env,
      input: { name: ASKED, network: { is: 'proxy', gateway } },
    });
    const built = await build({ ...io, sealing: { env, allow: proxy.allow, traffic: proxy.traffic } });
    const { contacted, refused } = proxy.traffic();
    if (refused.length > 0)
      io.note({
        level: 'warning',
        code: 'seal-refused',
        message: MESSAGES.sealRefused(refused.map(({ host }) => host)),
      });
    return {
      ...built,
      seal: {
        mechanism: 'proxy',
        canary,
        planned: [...plannedHosts(built)],
        contacted: [...contacted],
        refused: [...refused],
      } satisfies SealFacts,
    };
  }
}

/** The proxy is all that the environment of the build knows of, whatever the user's own says. */
function sealedEnvironment(url: string): Readonly<Record<string, string>> {
  const both = (name: string, value: string): readonly (readonly [string, string])[] => [
    [name, value],
    [name.toUpperCase(), value],
  ];
  return Object.fromEntries([
    ...both('http_proxy', url),
    ...both('https_proxy', url),
    ...both('no_proxy', ''),
    ...both('all_proxy', ''),
    ...both('ftp_proxy', ''),
  ]);
}

async function listen(gateway: string, io: Io): Promise<SealedProxy> {
  try {
    return await startProxy(gateway, io.env);
  } catch (cause) {
    throw notPossible(
      `nothing can listen at ${gateway}, the gateway of its network (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  }
}

function dockerOf({ machine, options }: Applied, { env }: Io): Docker {
  const client = machine.is === 'checked' ? (machine.engine.clientPath ?? 'docker') : 'docker';
  return { client, context: options.dockerContext, env };
}
