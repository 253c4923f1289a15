import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { networkFault } from '../../../src/symptoms/table.ts';
import { APT_LISTS, aptListText, listSource } from '../../../src/mirrors/apt/apt-lists.ts';
import { packageRoot } from '../../../src/system/package-root.ts';
import { AptRoot } from './apt-root.ts';
import { Archive } from './archive.ts';

type Fault = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => void;

interface Mirror {
  readonly base: string;
  readonly asked: string[];
  readonly server: Server;
}

/** What this machine lacks of apt, gpg and dpkg-deb, it cannot show. */
const HAS_APT = ['/usr/bin/apt-get', '/usr/bin/gpg', '/usr/bin/dpkg-deb'].every((path) => existsSync(path));

const SETTINGS = readFileSync(join(packageRoot(), 'templates/apt-lists.conf'), 'utf8');
const DAY = 24 * 3600 * 1000;

const status =
  (code: number): Fault =>
  (_request, response) => {
    response.writeHead(code, { 'retry-after': '1' }).end('no');
  };

/** Half of it, and then the connection is cut. */
const half: Fault = (_request, response, bytes) => {
  response.writeHead(200, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length >> 1), () => setTimeout(() => response.destroy(), 50));
};

/** A fault in files whose path ends so; the others are as they should be. */
const only =
  (ending: string, fault: Fault): Fault =>
  (request, response, bytes) => {
    if ((request.url ?? '').endsWith(ending)) fault(request, response, bytes);
    else response.end(bytes);
  };

const otherBytes: Fault = (_request, response, bytes) => response.end(Buffer.alloc(bytes.length, 1));

describe.skipIf(!HAS_APT)('a list of apt mirrors whose first one fails', () => {
  let archive: Archive;
  beforeAll(() => {
    archive = new Archive();
  });
  afterAll(() => {
    archive.remove();
  });

  let root: AptRoot;
  let mirrors: Mirror[] = [];
  beforeEach(() => {
    mirrors = [];
  });
  afterEach(() => {
    root.remove();
    for (const { server } of mirrors) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function mirror(fault: Fault | null): Promise<Mirror> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const bytes = archive.files.get((request.url ?? '').replace('/debian/', ''));
      if (fault !== null) fault(request, response, bytes ?? Buffer.alloc(0));
      else if (bytes === undefined) response.writeHead(404).end();
      else response.end(bytes);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const made = { base: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/debian`, asked, server };
    mirrors.push(made);
    return made;
  }

  /** apt-get update and the download of a package, with the texts that a plan puts into stage base. */
  async function both(bases: readonly string[], more = '') {
    root = new AptRoot(archive.key, `deb ${listSource('debian')} test main\n`, SETTINGS + more);
    root.write(APT_LISTS.debian.replace('/etc/apt/', ''), aptListText(bases));
    const update = await root.get('update');
    const download = await root.get('download', 'hello-of-a-test');
    return { codes: [update.status, download.status], said: update.said + download.said };
  }

  it.each<[string, Fault, string]>([
    ['404', status(404), ''],
    ['403', status(403), ''],
    ['429', status(429), ''],
    ['503', status(503), ''],
    ['a connection that is dropped', (_request, response) => response.destroy(), ''],
    ['silence', () => undefined, 'Acquire::http::Timeout "1";\n'],
    ['half of each file', half, ''],
    ['a redirect to itself', (request, response) => response.writeHead(302, { location: request.url ?? '' }).end(), ''],
    ['no package', only('.deb', status(404)), ''],
    ['half of a package', only('.deb', half), ''],
  ])('%s: the next one serves', async (_what, fault, settings) => {
    const [bad, good] = [await mirror(fault), await mirror(null)];
    const { codes, said } = await both([bad.base, good.base], settings);
    expect(codes, said).toEqual([0, 0]);
    expect(bad.asked.length).toBeGreaterThan(0);
    expect(good.asked).toContain('/debian/pool/hello.deb');
  });

  // Another address than the good one's: apt remembers an address that did not answer, whatever the port.
  it.each(['http://127.0.0.2:9/debian', 'http://nobody.invalid/debian'])(
    '%s, nobody: the next one serves',
    async (gone) => {
      const good = await mirror(null);
      const { codes, said } = await both([gone, good.base]);
      expect(codes, said).toEqual([0, 0]);
    },
  );

  it.each<[string, Fault, string]>([
    ['a page', (_request, response) => response.end('<html>buy this'), 'a page instead of what was asked for'],
    [
      'an InRelease that was changed',
      only('InRelease', (_request, response, bytes) =>
        response.end(bytes.toString().replace('Suite: test', 'Suite: tesu')),
      ),
      'a signature or a checksum that does not fit',
    ],
    [
      'an InRelease past its date',
      only('InRelease', (_request, response) =>
        response.end(archive.release('test', new Date(Date.now() - 30 * DAY), new Date(Date.now() - DAY))),
      ),
      'a signature or a checksum that does not fit',
    ],
    ['another index', only('Packages', otherBytes), 'the mirror was being synchronised'],
    ['another package', only('.deb', otherBytes), 'the mirror was being synchronised'],
  ])(
    '%s: apt stops, and its words name the fault, by which the build changes the mirror',
    async (_what, fault, what) => {
      const [bad, good] = [await mirror(fault), await mirror(null)];
      const { codes, said } = await both([bad.base, good.base]);
      expect(codes[1], said).toBe(100);
      expect(networkFault(said.split('\n'))?.what).toBe(what);
      expect(good.asked).toEqual([]);
    },
  );

  it('both are fine: the second is not asked', async () => {
    const [first, second] = [await mirror(null), await mirror(null)];
    expect((await both([first.base, second.base])).codes).toEqual([0, 0]);
    expect(second.asked).toEqual([]);
    expect(first.asked.length).toBe(3);
  });
});
