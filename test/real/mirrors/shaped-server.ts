import { startFaulty, type Fault } from './faulty-mirror.ts';
import { debian } from './healthy-mirror.ts';

/** Run in a network namespace of its own: serves a suite at an address, once a line on stdin says that the address is there, and prints its URL. */
process.stdin.once('data', (line) => {
  const [address = '', fault = 'none'] = String(line).trim().split(' ');
  void startFaulty({ fault: fault as Fault, healthy: debian(), address }).then(({ url }) => {
    process.stdout.write(`${url}\n`);
  });
});
process.stdin.once('end', () => {
  process.exit();
});
