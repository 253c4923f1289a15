// @ts-check

/** Debian's name of the other architecture's things, by GOARCH. @type {Record<string, {arch: string, triple: string, gcc: string, qemu: string}>} */
const foreign = {
  amd64: { arch: 'arm64', triple: 'aarch64-linux-gnu', gcc: 'gcc-aarch64-linux-gnu', qemu: 'qemu-aarch64' },
  arm64: { arch: 'amd64', triple: 'x86_64-linux-gnu', gcc: 'gcc-x86-64-linux-gnu', qemu: 'qemu-x86_64' },
};
const here = process.arch === 'x64' ? 'amd64' : process.arch;

/** What this machine cross-compiles for, and how its programs run here: by a name on the line. No lab has binfmt_misc. */
export const other = foreign[here] ?? /** @type {NonNullable<typeof foreign.amd64>} */ (foreign.amd64);

/** The emulator's name in bookworm. */
export const staticQemu = `${other.qemu}-static`;

/** Of a package that holds an emulator for every processor, the one that is run. @param {string} name */
export function onlyOneQemu(name) {
  return `printf 'path-exclude=/usr/bin/qemu-*\\npath-include=/usr/bin/${name}\\n' > /etc/dpkg/dpkg.cfg.d/qemu`;
}
