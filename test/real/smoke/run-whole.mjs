// All checks of smoke, between two looks at the host: `node --import LOADER run-whole.mjs DIR`. Runs where it is alone; see alone.ts.
import { hostSnapshot } from '../../support/host-snapshot.mjs';

const { smoke } = await import('../../../src/smoke/smoke.ts');

const before = hostSnapshot();
const report = await smoke({ dir: process.argv[2], series: '20.10' });
process.stdout.write(JSON.stringify({ before, after: hostSnapshot(), report }));
