// Started by lock.test.ts as one of many: takes a lock when it is told to, and says what came of it.
import { takeLock } from '../../../src/workdir/lock.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';
import { MobyBuildError } from '../../../src/errors.ts';

const [lock = ''] = process.argv.slice(2);
process.on('message', (told) => {
  if (told === 'release') {
    runCleanups();
    process.send?.('released');
    return;
  }
  try {
    takeLock(lock);
    process.send?.('taken');
  } catch (cause) {
    process.send?.(cause instanceof MobyBuildError ? cause.code : String(cause));
  }
});
process.send?.('up');
