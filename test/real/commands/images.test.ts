import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { imageRegistry, type RegistrySays } from '../mirrors/image-registry.ts';
import { ImageWorlds, type World } from './image-world.ts';
import { Stage, type Ran } from './stage.ts';

/** The command against registries on loopback. */
const stage = new Stage();
const worlds = new ImageWorlds(stage);

afterAll(async () => {
  await worlds.close();
  stage.remove();
});
beforeEach(() => {
  worlds.asked = [];
  stage.forget();
});

const dryRun = ({ line }: World, ...more: string[]): Promise<Ran> =>
  stage.run(['build', '--dry-run', ...line, ...more]);

describe('an image', () => {
  it('that two operators name alike is built by its digest, from the first mirror', async () => {
    const two = await worlds.make([['Acme'], ['Umbrella']]);
    const { status, stdout } = await dryRun(two);
    expect(status).toBe(0);
    expect(stdout).toContain(
      `+ARG GOLANG_IMAGE="${two.hosts[0] ?? ''}/library/golang:1.16.12-buster@${two.digests[0] ?? ''}"`,
    );
    expect(stdout).toContain(`${two.hosts[0] ?? ''}/djs55/vpnkit:0.5.0@${two.digests[0] ?? ''}`);
  });

  it('that an unlike third one names is warned of, and taken from the next', async () => {
    const three = await worlds.make([['Evil', { edition: 'bad' }], ['Acme'], ['Umbrella']]);
    const { status, stdout, stderr } = await dryRun(three);
    expect(status).toBe(0);
    expect(stdout).toContain(`${three.hosts[1] ?? ''}/library/golang:1.16.12-buster@${three.digests[1] ?? ''}`);
    expect(stdout).not.toContain(three.digests[0]);
    expect(stderr).toContain(`not from r0 (Evil): ${three.digests[0] ?? ''}`);
  });

  it.each<[string, (readonly [string, RegistrySays?])[], string, RegExp]>([
    ['one mirror only', [['Acme']], 'image-not-known', /r0 \(Acme\): sha256:/u],
    ['two mirrors of one operator', [['Acme'], ['acme ']], 'image-not-known', /r1 \(acme\): sha256:/u],
    [
      'two mirrors of unknown operators',
      [['unknown'], ['r.example (unknown)']],
      'image-not-known',
      /unknown operator/u,
    ],
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
    const { status, stdout } = await dryRun(await worlds.make(registries), '--json');
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; command: string } };
    expect(status).toBe(5);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    if (code === 'image-not-known') expect(error.command).toContain('--trust-image golang --trust-image djs55/vpnkit');
  });

  it('that two operators let a third one name is known to one, and exit 5', async () => {
    const third = await worlds.serve(imageRegistry().healthy);
    const two = await worlds.make([
      ['Acme', { sendsTo: third }],
      ['Umbrella', { sendsTo: third }],
    ]);
    const { status, stderr } = await dryRun(two);
    expect(status).toBe(5);
    expect(stderr).toContain(`it sends to ${third.replace('http://', '')}, whose word this is`);
  });

  it('that nobody takes and --trust-image names is warned of', async () => {
    const two = await worlds.make([['Acme'], ['Umbrella']]);
    const { status, stderr } = await dryRun(two, '--trust-image', 'golnag');
    expect(status).toBe(0);
    expect(stderr).toMatch(/--trust-image golnag: this build takes no image of that name; it takes golang/u);
  });

  it('that one mirror has is taken with --trust-image, and a warning says so', async () => {
    const one = await worlds.make([['Acme']]);
    for (const flags of [
      ['--trust-image', '*'],
      ['--trust-image', 'golang', '--trust-image', 'djs55/vpnkit'],
    ]) {
      const { status, stdout, stderr } = await dryRun(one, ...flags);
      expect(status).toBe(0);
      expect(stdout).toContain(`golang:1.16.12-buster@${one.digests[0] ?? ''}`);
      expect(stderr).toMatch(/warning: docker\.io\/library\/golang:1\.16\.12-buster has the digest that r0 names/u);
    }
    expect((await dryRun(one, '--trust-image', 'golang')).status).toBe(5);
  });

  it('is had from a registry that wants a token', async () => {
    const tokens = await worlds.serve(imageRegistry().healthy);
    const two = await worlds.make([
      ['Acme', { realm: `${tokens}/token` }],
      ['Umbrella', { realm: `${tokens}/token` }],
    ]);
    expect((await dryRun(two)).status).toBe(0);
  });

  it('whose manifest is damaged at the first mirror comes from the next', async () => {
    const three = await worlds.make([['Acme', { tampers: 'child' }], ['Umbrella'], ['Third']]);
    const { status, stdout, stderr } = await dryRun(three);
    expect(status).toBe(0);
    expect(stdout).toContain(`${three.hosts[1] ?? ''}/library/golang:1.16.12-buster@${three.digests[0] ?? ''}`);
    expect(stderr).toMatch(/not from r0 \(Acme\): .*not what its digest says/u);
  });

  it('of the user’s with a digest needs nobody; without one it needs trust', async () => {
    const one = await worlds.make([
      ['Acme', { edition: 'bad' }],
      ['Umbrella', { edition: 'bad' }],
    ]);
    const reference = `${one.hosts[0] ?? ''}/library/golang:1.16.12-buster`;
    const digest = `sha256:${'5'.repeat(64)}`;
    const { status, stdout } = await dryRun(one, '--image', `golang=${reference}@${digest}`);
    expect(status).toBe(0);
    expect(stdout).toContain(`${reference}@${digest}`);
    expect(worlds.asked.filter((path) => path.includes('golang'))).toEqual([]);
    expect((await dryRun(one, '--image', `golang=${reference}`)).status).toBe(5);
    expect((await dryRun(one, '--image', `golang=${reference}`, '--trust-image', 'golang')).stdout).toContain(
      `${reference}@${one.digests[0] ?? ''}`,
    );
  });

  it('that a build argument names needs its digest there, or trust', async () => {
    const two = await worlds.make([['Acme'], ['Umbrella']]);
    const reference = `GOLANG_IMAGE=${two.hosts[0] ?? ''}/library/golang:1.16.12-buster`;
    const refused = await dryRun(two, '--build-arg', reference);
    expect(refused.status).toBe(5);
    expect(refused.stderr).toContain('named by a build argument, without a digest');
    expect((await dryRun(two, '--build-arg', `${reference}@${two.digests[0] ?? ''}`)).status).toBe(0);
    const trusted = await dryRun(two, '--build-arg', reference, '--trust-image', 'golang');
    expect(trusted.status).toBe(0);
    expect(trusted.stderr).toContain('keeps its tag');
  });

  it('keeps its tag where no registry may be asked, and under direct', async () => {
    const two = await worlds.make([['Acme'], ['Umbrella']]);
    for (const ran of [await dryRun(two, '--no-probe'), await stage.run(['patch', ...two.line])]) {
      expect(ran.status).toBe(0);
      expect(ran.stdout).not.toContain('@sha256');
      expect(ran.stderr).toMatch(/keeps? (?:its|their) tags?/u);
    }
    const direct = await stage.run(['build', '--dry-run', '--source', stage.tree, '--profile', 'direct']);
    expect(direct.stdout).not.toContain('@sha256');
    expect(worlds.asked).toEqual([]);
  });
});
