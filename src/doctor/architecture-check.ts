import { type BuilderApart, builderApart, needsEngine, requireEngine } from './engine-checks.ts';
import type { Check, CheckContext, Verdict } from './context.ts';
import { installCommand } from './install.ts';
import { isLocal } from './space-checks.ts';
import { wayOn, wayOnNode } from '../make/engine/way.ts';

/** Measured: the arm64 steps of v20.10.12 under qemu-user on x86 took about ten times as long as natively. */
const TIMES_SLOWER = 'about ten times as long';

/** Pairs that one processor runs by itself: 32-bit x86 on 64-bit. (Not every 64-bit ARM runs 32-bit ARM.) */
const NATIVE_TOO: Readonly<Record<string, readonly string[]>> = { amd64: ['386'] };

/** Whether the engine can run the build's steps for the wanted architecture. */
export const ARCHITECTURE_CHECK: Check = {
  id: 'architecture',
  title: 'architecture',
  skip: (context) =>
    builderApart(context) !== null
      ? null
      : (needsEngine(context) ?? (context.engine?.serverArch === null ? 'the engine does not say its own' : null)),
  run: judgeArchitecture,
};

async function judgeArchitecture(context: CheckContext): Promise<Verdict> {
  const apart = builderApart(context);
  if (apart !== null) return judgeOnBuilder(context, apart);
  const { arch, machine } = context;
  const own = requireEngine(context).serverArch ?? '';
  if (own === arch || NATIVE_TOO[own]?.includes(arch) === true) return { result: 'ok', seen: own };
  if (wayOnNode({ native: own, arches: [] }, context) === 'cross')
    return { result: 'ok', seen: `${arch} is cross-compiled on ${own}` };
  const slow = `${arch} on ${own} runs under emulation: ${TIMES_SLOWER}`;
  if (requireEngine(context).desktop) return { result: 'warning', seen: `${slow} (Docker Desktop brings it along)` };

  const install = installCommand(['emulation'], machine);
  const byImage = `docker run --privileged --rm tonistiigi/binfmt --install ${arch}`;
  if (!isLocal(context)) {
    return {
      result: 'warning',
      seen: `${slow}, if the engine's machine has binfmt for it: that cannot be seen from here`,
      fix: `${byImage}   # if it has not`,
    };
  }
  switch (await machine.emulation(arch)) {
    case 'ready':
      return { result: 'warning', seen: slow };
    case 'absent':
      return {
        result: 'failed',
        seen: `${arch} on ${own} needs emulation, and the kernel has no binfmt for it`,
        fix: install ?? byImage,
      };
    case 'disabled':
      return {
        result: 'failed',
        seen: `${arch} on ${own} needs emulation, and its binfmt is switched off`,
        fix: `${machine.isRoot ? '' : 'sudo '}sh -c 'echo 1 > /proc/sys/fs/binfmt_misc/status'`,
      };
    case 'not-in-containers':
      return {
        result: 'failed',
        seen: `${arch} on ${own} needs emulation, and its binfmt lacks flag F: it does not reach into containers`,
        fix: install ?? byImage,
      };
    case 'unknown':
      return {
        result: 'warning',
        seen: `${slow}, if there is binfmt for it: /proc/sys/fs/binfmt_misc is not mounted here`,
        fix: install ?? byImage,
      };
  }
}

/** What the builder's own nodes say: this machine's binfmt has nothing to do with it. */
function judgeOnBuilder(context: CheckContext, { name, nodes }: BuilderApart): Verdict {
  const { arch } = context;
  const own = nodes.flatMap(({ native }) => (native === null ? [] : [native]));
  if (own.includes(arch)) return { result: 'ok', seen: `${arch} on builder ${name}` };
  if (own.length === 0)
    return { result: 'warning', seen: `builder ${name} does not run yet, so its architecture is not known` };
  const seen = `${arch} on builder ${name} (${own.join(', ')})`;
  const way = wayOn({ nodes }, context);
  if (way === 'cross') return { result: 'ok', seen: `${seen}: cross-compiled` };
  if (way === 'emulated') return { result: 'warning', seen: `${seen} runs under emulation: ${TIMES_SLOWER}` };
  return {
    result: 'failed',
    seen: `${seen}: no node of it runs programs for ${arch}`,
    fix: `docker run --privileged --rm tonistiigi/binfmt --install ${arch}   # on the machine of the builder`,
  };
}
