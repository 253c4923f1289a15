import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

const MINUTE = 60_000;
/** A worker that vitest ends does not get to its exit handlers. */
const setupFiles = ['test/support/leave-nothing.ts'];

/** Generated texts, compared with other parsers: a suite of its own, for its tests take longer. */
const GENERATED = ['test/real/differential/corpus.test.ts', 'test/real/differential/damaged.test.ts'];

/** unit: values in, values out. real: git, servers and programs on this machine. package: the packed tarball. lab: sealed builds. */
export default defineConfig({
  test: {
    // vitest would leave one core idle, which is half of a small machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { name: 'unit', setupFiles, include: ['test/unit/**/*.test.ts'], testTimeout: 3 * MINUTE } },
      {
        test: {
          name: 'real',
          setupFiles,
          include: ['test/real/**/*.test.ts'],
          exclude: ['test/real/package/**', ...GENERATED],
          // Far above what any of it takes: several runs of the command, keys and repositories that a hook makes, on a machine that is busy.
          testTimeout: 3 * MINUTE,
          hookTimeout: 2 * MINUTE,
        },
      },
      { test: { name: 'differential', setupFiles, include: GENERATED, testTimeout: 5 * MINUTE } },
      {
        test: {
          name: 'package',
          setupFiles,
          include: ['test/real/package/**/*.test.ts'],
          // One of them packs, which makes dist/ anew under whoever runs from there.
          fileParallelism: false,
          testTimeout: 3 * MINUTE,
          hookTimeout: 3 * MINUTE,
        },
      },
      {
        test: {
          name: 'lab',
          setupFiles,
          include: ['test/lab/**/*.test.ts'],
          // As many as there are slots (test/lab/outside/slots.mjs): one file compiles while another waits.
          maxWorkers: 2,
          sequence: { concurrent: false, groupOrder: 1 },
          // Whole builds side by side: part of each is waiting.
          maxConcurrency: 3,
          testTimeout: 50 * MINUTE,
          hookTimeout: 50 * MINUTE,
        },
      },
    ],
  },
});
