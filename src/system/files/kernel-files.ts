import { statfs } from 'node:fs/promises';

/** File systems that the kernel fills, by their magic numbers (linux/magic.h): proc, sysfs, cgroup, cgroup2, devpts, debugfs, securityfs. */
const FILLED_BY_KERNEL = [0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x1cd1, 0x64626720, 0x73636673];

/** Whether nobody can make a file in this folder, not even root, because the kernel fills its file system. Throws the system's error. */
export async function isKernelFiles(folder: string): Promise<boolean> {
  const { type } = await statfs(folder);
  return FILLED_BY_KERNEL.includes(type);
}
