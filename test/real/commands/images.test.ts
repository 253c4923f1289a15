import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockSchema } from '../../../src/artifacts/lock-file.ts';
import { manifestSchema } from '../../../src/artifacts/manifest.ts';
import { startFaulty } from '../mirrors/faulty-mirror.ts';
import { debian } from '../mirrors/healthy-mirror.ts';
import { imageRegistry, type RegistrySays } from '../mirrors/image-registry.ts';
import { ARCH, Stage, type Ran } from './stage.ts';

/** The command against registries on loopback, whose operators a catalogue of the user's names. */
const stage = new Stage();
const closing: (() => Promise<void>)[] = [];
let asked: string[] = [];
let apt = '';
let worlds = 0;
let day = 'Sat, 01 Jun 2024 10:00:00 UTC';

beforeAll(async () => {
  const server = await startFaulty({
    fault: 'none',
    healthy: (path, ...rest) => {
      asked.push(path);
      return debian({ date: day, validUntil: null })(path, ...rest);
    },
  });
  closing.push(server.close);
  apt = server.url;
});
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  stage.remove();
});
beforeEach(() => {
  asked = [];
  day = 'Sat, 01 Jun 2024 10:00:00 UTC';
  rmSync(join(stage.dir, 'cache'), { recursive: true, force: true });
});

interface World {
  readonly line: string[];
  /** The digest behind every tag of a registry. */
  readonly digests: readonly string[];
  readonly hosts: readonly string[];
}

/** Registries by their operators, in the profile's order; the profile is taken as it stands, so only images are asked for. */
async function world(registries: readonly (readonly [operator: string, says?: RegistrySays])[]): Promise<World> {
  const started = await Promise.all(
    registries.map(async ([operator, says = {}], index) => {
      const registry = imageRegistry(says);
      const server = await startFaulty({
        fault: 'none',
        healthy: (path, ...rest) => {
          asked.push(`r${String(index)}${path}`);
          return registry.healthy(path, ...rest);
        },
      });
      closing.push(server.close);
      return { operator, host: server.url.replace('http://', ''), digest: registry.digest };
    }),
  );
  worlds += 1;
  const [catalogue, profile] = ['catalogue', 'profile'].map((name) =>
    join(stage.dir, `${name}-${String(worlds)}.json`),
  );
  if (catalogue === undefined || profile === undefined) throw new Error('two names');
  const mirrors = started.map(({ operator, host }, index) => ({
    ...{ id: `r${String(index)}`, kinds: ['image'], template: `${host}/{image}`, region: 'cn', operator },
    ...{ status: 'alive', seen: null, sources: ['here'] },
  }));
  const base = { region: 'cn', operator: 'x', status: 'alive', seen: null, sources: ['here'] };
  mirrors.push({ ...base, id: 'near-apt', kinds: ['apt'], template: apt, archive: apt } as (typeof mirrors)[number]);
  writeFileSync(catalogue, JSON.stringify({ extends: 'builtin', mirrors }));
  const image = started.map((_, index) => `r${String(index)}`);
  const lists = { frontend: 'builtin', image, apt: 'near-apt', git: 'ghfast.top', gomod: 'goproxy.cn' };
  writeFileSync(profile, JSON.stringify({ name: 'loopback', mirrors: lists }));
  return {
    line: ['--source', stage.tree, '--catalogue', catalogue, '--profile', profile, '--arch', ARCH],
    digests: started.map(({ digest }) => digest),
    hosts: started.map(({ host }) => host),
  };
}

const dryRun = ({ line }: World, ...more: string[]): Promise<Ran> =>
  stage.run(['build', '--dry-run', ...line, ...more]);
const build = ({ line }: World, ...more: string[]): Promise<Ran> => stage.run(['build', ...line, ...more]);

describe('an image', () => {
  it('that two operators name alike is built by its digest, from the first mirror', async () => {
    const two = await world([['Acme'], ['Umbrella']]);
    const { status, stdout } = await dryRun(two);
    expect(status).toBe(0);
    expect(stdout).toContain(
      `+ARG GOLANG_IMAGE="${two.hosts[0] ?? ''}/library/golang:1.16.12-buster@${two.digests[0] ?? ''}"`,
    );
    expect(stdout).toContain(`${two.hosts[0] ?? ''}/djs55/vpnkit:0.5.0@${two.digests[0] ?? ''}`);
  });

  it('that an unlike third one names is warned of, and taken from the next', async () => {
    const three = await world([['Evil', { edition: 'bad' }], ['Acme'], ['Umbrella']]);
    const { status, stdout, stderr } = await dryRun(three);
    expect(status).toBe(0);
    expect(stdout).toContain(`${three.hosts[1] ?? ''}/library/golang:1.16.12-buster@${three.digests[1] ?? ''}`);
    expect(stdout).not.toContain(three.digests[0]);
    expect(stderr).toContain(`not from r0 (Evil): ${three.digests[0] ?? ''}`);
  });

  it.each<[string, (readonly [string, RegistrySays?])[], string, RegExp]>([
    ['one mirror only', [['Acme']], 'image-not-known', /r0 \(Acme\): sha256:/u],
    ['two mirrors of one operator', [['Acme'], ['acme ']], 'image-not-known', /r1 \(acme\): sha256:/u],
    ['two mirrors of unknown operators', [['unknown'], ['r.example (unknown)']], 'image-not-known', /nobody knows/u],
    ['two that differ', [['Acme'], ['Umbrella', { edition: 'bad' }]], 'image-not-known', /Nobody who can be believed/u],
    [
      'two against two',
      [['A'], ['B'], ['C', { edition: 'bad' }], ['D', { edition: 'bad' }]],
      'image-not-known',
      /contradict each other/u,
    ],
    [
      'a digest that is not the content’s',
      [['Acme'], ['Umbrella', { tampers: 'header' }]],
      'image-not-known',
      /not what its digest says/u,
    ],
    [
      'a manifest that is not what the index says',
      [
        ['Acme', { tampers: 'child' }],
        ['B', { tampers: 'child' }],
      ],
      'image-not-served',
      /not what its digest says/u,
    ],
    [
      'no such platform',
      [
        ['A', { platforms: ['linux/s390x'] }],
        ['B', { platforms: ['linux/s390x'] }],
      ],
      'image-not-served',
      /it has linux\/s390x/u,
    ],
    [
      'nobody who has it',
      [
        ['A', { has: /nothing/u }],
        ['B', { has: /nothing/u }],
      ],
      'image-not-served',
      /HTTP status 404/u,
    ],
  ])('with %s is exit 5, with what each said', async (_, registries, code, words) => {
    const { status, stdout } = await dryRun(await world(registries), '--json');
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; command: string } };
    expect(status).toBe(5);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    if (code === 'image-not-known') expect(error.command).toContain('--trust-image golang --trust-image djs55/vpnkit');
  });

  it('that one mirror has is taken with --trust-image, and a warning says so', async () => {
    const one = await world([['Acme']]);
    for (const flags of [
      ['--trust-image', '*'],
      ['--trust-image', 'golang', '--trust-image', 'djs55/vpnkit'],
    ]) {
      const { status, stdout, stderr } = await dryRun(one, ...flags);
      expect(status).toBe(0);
      expect(stdout).toContain(`golang:1.16.12-buster@${one.digests[0] ?? ''}`);
      expect(stderr).toMatch(/warning: docker\.io\/library\/golang:1\.16\.12-buster is taken as r0 has it/u);
    }
    expect((await dryRun(one, '--trust-image', 'golang')).status).toBe(5);
  });

  it('is had from a registry that wants a token', async () => {
    const tokens = await startFaulty({ fault: 'none', healthy: imageRegistry().healthy });
    closing.push(tokens.close);
    const two = await world([
      ['Acme', { realm: `${tokens.url}/token` }],
      ['Umbrella', { realm: `${tokens.url}/token` }],
    ]);
    expect((await dryRun(two)).status).toBe(0);
  });

  it('whose manifest is damaged at the first mirror comes from the next', async () => {
    const three = await world([['Acme', { tampers: 'child' }], ['Umbrella'], ['Third']]);
    const { status, stdout, stderr } = await dryRun(three);
    expect(status).toBe(0);
    expect(stdout).toContain(`${three.hosts[1] ?? ''}/library/golang:1.16.12-buster@${three.digests[0] ?? ''}`);
    expect(stderr).toMatch(/not from r0 \(Acme\): .*not what its digest says/u);
  });

  it('of the user’s with a digest needs nobody; without one it needs trust', async () => {
    const one = await world([
      ['Acme', { edition: 'bad' }],
      ['Umbrella', { edition: 'bad' }],
    ]);
    const reference = `${one.hosts[0] ?? ''}/library/golang:1.16.12-buster`;
    const digest = `sha256:${'5'.repeat(64)}`;
    const { status, stdout } = await dryRun(one, '--image', `golang=${reference}@${digest}`);
    expect(status).toBe(0);
    expect(stdout).toContain(`${reference}@${digest}`);
    expect(asked.filter((path) => path.includes('golang'))).toEqual([]);
    expect((await dryRun(one, '--image', `golang=${reference}`)).status).toBe(5);
    expect((await dryRun(one, '--image', `golang=${reference}`, '--trust-image', 'golang')).stdout).toContain(
      `${reference}@${one.digests[0] ?? ''}`,
    );
  });

  it('stays by tag where nobody may be asked, and under direct', async () => {
    const two = await world([['Acme'], ['Umbrella']]);
    for (const ran of [await dryRun(two, '--no-probe'), await stage.run(['patch', ...two.line])]) {
      expect(ran.status).toBe(0);
      expect(ran.stdout).not.toContain('@sha256');
      expect(ran.stderr).toContain('by tag');
    }
    const direct = await stage.run(['build', '--dry-run', '--source', stage.tree, '--profile', 'direct']);
    expect(direct.stdout).not.toContain('@sha256');
    expect(asked).toEqual([]);
  });
});

describe('what a build used', () => {
  const lockOf = (out: string) => lockSchema.parse(JSON.parse(readFileSync(join(out, 'moby-build.lock'), 'utf8')));

  it('stands in manifest and lock, and the next run asks nobody', async () => {
    const two = await world([['Acme'], ['Umbrella']]);
    const [out, lock] = [join(stage.dir, 'out'), join(stage.dir, 'kept.lock')];
    await build(two, '--out', out, '--lock', lock);
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));
    expect(manifest.images.map(({ name, basis, mirror }) => [name, basis, mirror])).toContainEqual([
      'golang',
      'operators',
      'r0',
    ]);
    const held = lockOf(out);
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toEqual(held);
    expect(held.commit).toBe(stage.commit);
    expect(held.tree).toBe(manifest.tree.before);
    expect(held.images.every(({ digest }) => digest === two.digests[0])).toBe(true);
    expect(held.images[0]?.operators.map(({ operator }) => operator)).toEqual(['Acme', 'Umbrella']);
    expect(held.suites.map(({ suite }) => suite)).toEqual([
      'buster',
      'buster-updates',
      'buster-backports',
      'buster/updates',
    ]);
    expect(held.suites[0]?.date).toBe('2024-06-01T10:00:00.000Z');
    expect(held.components.find(({ component }) => component === 'runc')?.commit).toMatch(/^[0-9a-f]{40}$/u);
    asked = [];
    await build(two, '--out', out);
    expect(asked).toEqual([]);
    expect((await stage.run(['patch', ...two.line])).stdout).toContain(`@${two.digests[0] ?? ''}`);
  });

  it('keeps the warning of --trust-image and of a checksum database that is off', async () => {
    const one = await world([['Acme']]);
    const out = join(stage.dir, 'out-2');
    await build(one, '--out', out, '--trust-image', '*', '--mirror', 'gosumdb=off');
    const { warnings } = manifestSchema.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));
    expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['image-trusted', 'gosumdb-off']));
    // Trust is given anew each time.
    expect((await build(one, '--out', out)).status).toBe(5);
  });

  it('is built again by --locked, and by nothing else', async () => {
    const two = await world([['Acme'], ['Umbrella']]);
    const [out, lock] = [join(stage.dir, 'out-3'), join(stage.dir, 'moby-build.lock')];
    await build(two, '--out', out, '--lock', lock);
    const before = readFileSync(lock, 'utf8');
    const again = await build(two, '--out', out, '--lock', lock, '--locked');
    // The stand-ins are scripts, which verify does not take; everything before it went well.
    expect(again.status).toBe(7);
    expect(readFileSync(lock, 'utf8')).toBe(before);

    const refused = async (exit: number, words: RegExp, world: World, ...more: string[]): Promise<void> => {
      stage.make(`echo ran > '${stage.dir}/made'; exit 1`);
      const { status, stderr } = await build(world, '--out', out, '--lock', lock, '--locked', '--reprobe', ...more);
      expect(stderr).toMatch(words);
      expect(status).toBe(exit);
      expect(() => readFileSync(`${stage.dir}/made`)).toThrow('ENOENT');
    };
    await refused(4, /runc: the lock holds/u, two, '--build-arg', `RUNC_COMMIT=${'1'.repeat(40)}`);
    await refused(4, /the lock holds it, this build does not use it/u, two, '--without', 'vpnkit');
    const other = `golang=r.example/golang:1.17@${two.digests[0] ?? ''}`;
    await refused(4, /golang:1\.17 for linux\/\w+: the lock does not hold it/u, two, '--image', other);
    await refused(
      5,
      /No mirror has .* as it is known to be/u,
      await world([
        ['A', { edition: 'bad' }],
        ['B', { edition: 'bad' }],
      ]),
    );
    day = 'Sun, 02 Jun 2024 10:00:00 UTC';
    await refused(5, /InRelease of buster: the lock holds 2024-06-01\S*, it is 2024-06-02/u, two);
    day = 'Sat, 01 Jun 2024 10:00:00 UTC';
    writeFileSync(join(stage.tree, 'Makefile'), `${readFileSync(join(stage.tree, 'Makefile'), 'utf8')}# more\n`);
    await refused(4, /tree: the lock holds/u, two);
  });

  it('is exit 2 for --locked without a lock file, or with one that is none', async () => {
    const two = await world([['Acme'], ['Umbrella']]);
    const missing = await build(two, '--locked');
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain('There is no lock file');
    writeFileSync(join(stage.dir, 'bad.lock'), '{}');
    expect((await build(two, '--locked', '--lock', join(stage.dir, 'bad.lock'))).status).toBe(2);
  });
});
