import { join } from 'node:path';
import { materializeLightTree } from '../../test/support/light-tree.mjs';
import { measureWhole } from '../measure.ts';
import { Place } from '../place.ts';
import type { Setting } from '../setting.ts';
import type { Row } from '../table.ts';

/** A build that writes much to its log: what moby-build needs of memory and CPU for it. */
export async function log({ dir, say }: Setting): Promise<Row[]> {
  const section = 'log';
  const tree = join(dir, 'log-tree');
  materializeLightTree(tree);
  const run = async (megabytes: number) => {
    say(`a build that logs ${String(megabytes)} MB`);
    // Lines as BuildKit writes them, of a hundred bytes.
    const lines = `yes '#2 1.234 ${'x'.repeat(90)}' | head -n ${String(megabytes * 10_000)}`;
    const place = new Place(join(dir, `log-${String(megabytes)}`), `echo '#2 [build-binary 1/1] RUN true'; ${lines}`);
    const mirrors = ['--profile', 'cn', '--no-probe', '--sources', 'mirror'];
    const digests = ['golang', 'djs55/vpnkit'].flatMap((name) => ['--trust-image', name]);
    const images = [
      ...['--image', `golang=docker.m.daocloud.io/library/golang:1.16.12-buster@sha256:${'1'.repeat(64)}`],
      ...['--image', `djs55/vpnkit=docker.1ms.run/djs55/vpnkit:0.5.0@sha256:${'2'.repeat(64)}`],
    ];
    return measureWhole(place.product(['build', '--quiet', '--source', tree, ...mirrors, ...digests, ...images]));
  };
  const little = await run(1);
  const much = await run(100);
  const against = { what: 'a log of 1 MB', value: little.megabytes };
  return [
    { section, what: 'memory with a log of 100 MB', value: much.megabytes, unit: 'MB', against: null, aim: 120 },
    { section, what: 'memory with a log of 100 MB', value: much.megabytes, unit: 'MB', against, aim: null },
    { section, what: 'CPU with a log of 100 MB', value: much.ownCpu, unit: 's', against: null, aim: null },
  ];
}
