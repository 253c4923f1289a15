import { afterAll } from 'vitest';
import { runCleanups } from '../../src/system/process/supervisor.ts';

/** After each test file: what the product removes when its process leaves goes now, for a worker of vitest leaves without a word. */
afterAll(() => {
  runCleanups();
});
