import { describe, expect, it } from 'vitest';
import { cacheText, readCache, scopedCache, type CacheDirection } from '../../../src/build-cache.ts';
import { makeCommand } from '../../../src/make/command/command.ts';
import type { MakeInput } from '../../../src/make/flags/make-input.ts';
import { parsed, refused } from '../config/command-line-from.ts';
import { buildTarget } from './build-target.ts';

const SCOPE = 'moby-20.10-arm64';

describe('a cache as it is written', () => {
  it.each<[string, CacheDirection, string]>([
    ['registry.example/cache', 'from', `type=registry,ref=registry.example/cache:${SCOPE}`],
    ['registry.example:5000/cache:mine', 'from', 'type=registry,ref=registry.example:5000/cache:mine'],
    ['localhost:5000/c', 'from', `type=registry,ref=localhost:5000/c:${SCOPE}`],
    [`a.example/c@sha256:${'0'.repeat(64)}`, 'from', `type=registry,ref=a.example/c@sha256:${'0'.repeat(64)}`],
    ['type=registry,ref=a.example/c', 'to', `type=registry,mode=max,ignore-error=true,ref=a.example/c:${SCOPE}`],
    [
      'type=registry,ref=a.example/c:x,mode=min,ignore-error=false',
      'to',
      'type=registry,mode=min,ignore-error=false,ref=a.example/c:x',
    ],
    ['type=local,src=/srv/cache', 'from', `type=local,tag=${SCOPE},src=/srv/cache`],
    ['type=local,src=/srv/cache,tag=x', 'from', 'type=local,tag=x,src=/srv/cache'],
    ['"type=local","src=/srv/a,b"', 'from', `type=local,tag=${SCOPE},"src=/srv/a,b"`],
    ['type=gha', 'from', `type=gha,scope=${SCOPE}`],
    ['type=gha,scope=mine', 'to', 'type=gha,scope=mine,mode=max,ignore-error=true'],
    ['type=s3,region=eu,bucket=b', 'from', `type=s3,name=${SCOPE},region=eu,bucket=b`],
    ['type=azblob,account_url=https://a.example', 'from', `type=azblob,name=${SCOPE},account_url=https://a.example`],
  ])('%s (%s)', (text, direction, expected) => {
    const read = readCache(text, direction);
    expect(typeof read === 'string' ? read : cacheText(scopedCache(read, direction, SCOPE))).toBe(expected);
  });

  it.each<[string, CacheDirection, RegExp]>([
    ['type=inline', 'to', /part of an image/u],
    ['type=disk,src=/x', 'from', /one of registry, local, gha, s3, azblob/u],
    ['ref=a.example/c', 'from', /needs type=/u],
    ['type=local,dest=/x', 'from', /needs src=…/u],
    ['type=local,src=/x', 'to', /needs dest=…/u],
    ['type=s3,bucket=b', 'to', /needs region=…/u],
    ['type=registry', 'to', /needs ref=…/u],
    ['type=local,src=/a,src=/b', 'from', /src twice/u],
    ['type=local,src', 'from', /not NAME=VALUE/u],
    ['type=local,"src=/a', 'from', /does not end/u],
    ['type=s3,region=eu,bucket=b,secret_access_key=PASSWORD', 'to', /holds secret_access_key.*AWS_SECRET_ACCESS_KEY/u],
    ['type=gha,token=PASSWORD', 'to', /holds token.*ACTIONS_RUNTIME_TOKEN/u],
  ])('%s (%s) is refused', (text, direction, words) => {
    const read = readCache(text, direction);
    expect(read).toMatch(words);
    expect(read).not.toContain('PASSWORD');
  });

  it('is refused as an option before anything runs, without the password', async () => {
    expect((await refused(['build', '--cache-to', 'type=inline'])).message).toContain('part of an image');
    const { message } = await refused(['build', '--cache-to', 'type=registry,ref=ann:PASSWORD@a.example/c']);
    expect(message).toMatch(/user name or password/u);
    expect(message).not.toContain('PASSWORD');
  });

  it('has its directory from where the line was written', async () => {
    const { options } = await parsed(['build', '--cache-from', 'type=local,src=c', '--cache-to=type=local,dest=~/c']);
    expect(options.cacheFrom).toEqual(['type=local,src=/home/me/project/c']);
    expect(options.cacheTo).toEqual(['type=local,dest=/home/me/c']);
  });
});

describe('the command with caches', () => {
  const caches = { from: ['type=gha', 'a.example/c'], to: ['type=gha'], scope: SCOPE };
  const commandOf = (series: '20.10' | '26.1', more: Partial<MakeInput> = {}) =>
    makeCommand({
      ...buildTarget(series, 'binary'),
      version: '1',
      gitCommit: 'abc',
      arch: 'arm64',
      nativeArch: 'arm64',
      buildArgs: {},
      environment: {},
      caches,
      ...more,
    });

  it('of 20.10 goes by the plugin: docker build itself knows no such places', () => {
    const { spec, notes } = commandOf('20.10');
    expect([spec.file, ...spec.args.slice(0, 2)]).toEqual(['docker', 'buildx', 'build']);
    expect(spec.args.join(' ')).toContain(
      `--cache-from type=gha,scope=${SCOPE} --cache-from type=registry,ref=a.example/c:${SCOPE} --cache-to type=gha,scope=${SCOPE},mode=max,ignore-error=true`,
    );
    expect(notes.map(({ code }) => code)).toContain('on-builder');
  });

  it('of 26.1 stays with make, and bake is told', () => {
    const { spec } = commandOf('26.1');
    expect(spec.file).toBe('make');
    const bake = spec.args.find((word) => word.startsWith('BAKE_CMD='));
    expect(bake).toContain(`binary.cache-from=type=gha,scope=${SCOPE}`);
    expect(bake).toContain(`binary.cache-to=type=gha,scope=${SCOPE},mode=max,ignore-error=true`);
    expect(spec.env['BUILDX_BAKE_ENTITLEMENTS_FS']).toBe('0');
  });

  it('of 26.1 past bake has them too', () => {
    expect(commandOf('26.1', { network: 'host' }).spec.args).toContain('--cache-to');
  });

  it('has none of it where no cache is named', () => {
    const { spec } = commandOf('20.10', { caches: { from: [], to: [], scope: SCOPE } });
    expect(spec.file).toBe('make');
    expect(JSON.stringify(spec)).not.toContain('cache');
  });
});
