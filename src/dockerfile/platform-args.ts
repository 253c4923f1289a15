/**
 * The platform arguments that BuildKit sets by itself, for a build of linux/`arch` on a machine of the same platform.
 * In: `arm64`, `arm` or `arm/v7`, … Out: BUILDPLATFORM, TARGETARCH and so on.
 * Rule: buildkit frontend/dockerfile/dockerfile2llb/platform.go; containerd/platforms (`linux/arm` means `linux/arm/v7`).
 */
export function platformArgs(arch: string): ReadonlyMap<string, string> {
  const [architecture = arch, written] = arch.split('/');
  const variant = written ?? (architecture === 'arm' ? 'v7' : '');
  const platform = `linux/${architecture}${variant === '' ? '' : `/${variant}`}`;
  const values: [string, string][] = [
    ['PLATFORM', platform],
    ['OS', 'linux'],
    ['OSVERSION', ''],
    ['ARCH', architecture],
    ['VARIANT', variant],
  ];
  return new Map(
    ['BUILD', 'TARGET'].flatMap((prefix) => values.map(([name, value]): [string, string] => [prefix + name, value])),
  );
}
