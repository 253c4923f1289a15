import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programsOnPath } from '../../../src/make/engine/programs-on-path.ts';
import { hasFailed } from '../../../src/artifacts/verify.ts';
import { checkSealedSums } from '../../../src/signing/check-sums.ts';
import { readPublicKey } from '../../../src/signing/key-file.ts';
import { unseenChanges } from '../../support/change-bytes.ts';
import { makeKeys } from '../../support/make-keys.ts';
import { ARCH, finishedBuild } from './finished-build.ts';
import { mobyBuild } from './host-root.ts';

const keys = makeKeys('minisign');
const VERSION = '20.10.24';
const STATEMENT = `moby-v${VERSION}-linux-${ARCH}.provenance.json`;

// Only distributions of Debian's family have the tool, and the text of the licence.
describe.skipIf(programsOnPath('dpkg-deb', process.env['PATH'] ?? '').length === 0)('packages that are signed', () => {
  let dir: string;
  let packed: string;
  const at = (name: string) => join(dir, name);
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'moby-build-test-verified-'));
    packed = at('packages');
    const units = at('tree/contrib/init/systemd');
    mkdirSync(units, { recursive: true });
    writeFileSync(join(units, 'docker.service'), '[Service]\nExecStart=/usr/bin/dockerd -H fd://\n');
    writeFileSync(join(units, 'docker.socket'), '[Socket]\nListenStream=/run/docker.sock\n');
    writeFileSync(at('key'), keys.secret);
    writeFileSync(at('key.pub'), keys.public);
    await finishedBuild(at('out'), VERSION, at('tree'));
    for (const format of ['tgz', 'deb'])
      mobyBuild(['pack', at('out'), '--format', format, '--out', packed, '--sign', at('key')]);
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it.each([/^$/u, /\.deb$/u, /^docker-\d.*\.tgz$/u])(
    'are vouched for one by one and together: upstream, mirrors, patches and builder (%s)',
    (pattern) => {
      const [name = ''] = pattern.test('') ? [''] : readdirSync(packed).filter((each) => pattern.test(each));
      const statement = join(packed, STATEMENT);
      const words = ['verify', join(packed, name), '--key', at('key.pub'), '--provenance', statement, '--json'];
      const { checks } = JSON.parse(mobyBuild(words)) as { checks: { id: string; result: string }[] };
      const told = Object.fromEntries(checks.map(({ id, result }) => [id, result]));
      expect(told).toMatchObject({ sums: 'ok', signature: 'ok', package: 'ok' });
      const parts = ['subjects', 'upstream', 'mirrors', 'plan', 'builder'];
      expect(parts.map((part) => [part, told[`provenance-${part}`]])).toEqual(parts.map((part) => [part, 'ok']));
    },
  );

  it('are found changed by each bit, in packages, statement, list, signature and all that lies beside', async () => {
    const key = readPublicKey(keys.public);
    const unseen = await unseenChanges(packed, async () => hasFailed((await checkSealedSums(packed, key)).checks));
    expect(unseen).toEqual([]);
  });
});
