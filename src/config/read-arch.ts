import { ARCH_NAMES, archByName, isKnownCpu, variantOf, type Arch } from '../cpus.ts';
import { suggestion } from './nearest.ts';

/** ARM before version 7, by uname -m, Debian and Docker. */
const OLD_ARM = /^(?:armv[56]\w*|armel|arm32v[56]|arm\/v?[56])$/u;

/**
 * An architecture as people write one: `arm64`, `aarch64`, `linux/arm64`, `arm64/v8`, `linux/arm/v7`.
 *
 * @returns its GOARCH name, or what is wrong, to stand behind the name of the option
 */
export function readArch(text: string): { readonly arch: Arch } | { readonly problem: string } {
  const name = text.toLowerCase().replace(/^linux\//u, '');
  if (name.includes(',')) return { problem: 'is one architecture; build them one after the other' };
  if (/^(?:windows|darwin|freebsd)(?:\/|$)/u.test(name))
    return { problem: 'must be an architecture of Linux, such as linux/arm64' };
  if (OLD_ARM.test(name))
    return {
      problem:
        'must be arm64, or arm, which is ARMv7 here: the armhf of Debian, on which moby builds, runs on no older one',
    };
  const [plain = '', variant, ...rest] = name.split('/');
  const arch = archByName(plain);
  if (arch !== null && rest.length === 0 && (variant === undefined || variant === variantOf(arch))) return { arch };
  if (arch === null && isKnownCpu(plain))
    return {
      problem: `is none that moby is built for: docker-bake.hcl lists no ${plain}, and no release of Debian that its images stand on has it`,
    };
  const meant = arch === null ? suggestion(plain, ARCH_NAMES) : `; did you mean ${arch}?`;
  return { problem: `must be one of ${ARCH_NAMES.join(', ')} (or aarch64, x86_64, linux/arm64, …)${meant}` };
}
