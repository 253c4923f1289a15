import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** unit: values in, values out. real: git, servers and programs on this machine. package: the packed tarball. lab: sealed builds. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: MINUTE / 2 } },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          exclude: ['test/real/package/**'],
          testTimeout: MINUTE,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/real/package/**/*.test.ts'],
          testTimeout: 3 * MINUTE,
          hookTimeout: 3 * MINUTE,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          fileParallelism: false,
          sequence: { concurrent: false },
          testTimeout: 25 * MINUTE,
          hookTimeout: 25 * MINUTE,
        },
      },
    ],
  },
});
