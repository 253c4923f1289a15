/** Sentences of the commands that pack, sign and take stock of what was built; `run` has none of them. */
export const RESULT_MESSAGES = {
  passphrase: (key: string) => `Passphrase of ${key}: `,
  signed: (files: number, id: string) => `${String(files)} files are signed by key ${id}.`,
  notSigned: (names: readonly string[]) =>
    `Not in SHA256SUMS, so not signed: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${String(names.length - 8)} more` : ''}.`,
  readingBuild: 'Read the build',
  inventoried: (of: { sources: number; binaries: number; modules: number; libraries: number }) =>
    `${String(of.binaries)} binaries of ${String(of.sources)} sources, ${String(of.modules)} Go modules, ${String(of.libraries)} C libraries.`,
  moduleDiffers: (what: string) => `Differs: ${what}.`,
  notKnown: (what: string) => `Not known: ${what}.`,
  packageIn: (path: string) => `Package: ${path}`,
  packing: (format: string) => `Making the ${format}`,
  packedBy: (packer: string | null) => `Made by ${packer ?? 'moby-build itself'}.`,
  noClient: 'The docker client is not in it: a build of moby makes none. --cli FILE takes one along.',
  containerdUsed: (which: 'own' | 'outside') =>
    which === 'own'
      ? 'dockerd starts the containerd of the package.'
      : 'dockerd uses a containerd that is installed and started apart.',
} as const;
