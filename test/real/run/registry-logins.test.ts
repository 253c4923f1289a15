import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeDockerConfig } from '../../../src/run/compile/registry-logins.ts';
import { runCleanups } from '../../../src/system/process/supervisor.ts';

const dir = mkdtempSync(join(tmpdir(), 'moby-build-docker-config-'));
const LOGIN = { registry: 'registry.corp.example', login: 'me', password: 'hunter2' };

afterAll(() => {
  runCleanups();
  rmSync(dir, { recursive: true, force: true });
});

describe('makeDockerConfig', () => {
  it('holds all that the user’s has, closed to others, and goes without touching it', () => {
    const theirs = join(dir, 'theirs');
    mkdirSync(join(theirs, 'contexts/meta'), { recursive: true });
    mkdirSync(join(theirs, 'cli-plugins'));
    writeFileSync(join(theirs, 'cli-plugins/docker-buildx'), 'program');
    writeFileSync(join(theirs, 'config.json'), '{"currentContext": "far"}');
    const made = makeDockerConfig(theirs, [LOGIN]);
    expect(statSync(made.path).mode & 0o777).toBe(0o700);
    expect(statSync(join(made.path, 'config.json')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(made.path, 'config.json'), 'utf8'))).toMatchObject({
      currentContext: 'far',
      auths: { 'registry.corp.example': {} },
    });
    expect(readFileSync(join(made.path, 'cli-plugins/docker-buildx'), 'utf8')).toBe('program');
    expect(lstatSync(join(made.path, 'contexts')).isSymbolicLink()).toBe(true);
    made.remove();
    expect(existsSync(made.path)).toBe(false);
    expect(readFileSync(join(theirs, 'cli-plugins/docker-buildx'), 'utf8')).toBe('program');
    expect(readFileSync(join(theirs, 'config.json'), 'utf8')).toBe('{"currentContext": "far"}');
  });

  it.each([null, join(dir, 'none')])('where the user has none (%s) is made all the same', (theirs) => {
    const made = makeDockerConfig(theirs, [LOGIN]);
    expect(readFileSync(join(made.path, 'config.json'), 'utf8')).toContain('registry.corp.example');
    // As on ^C.
    runCleanups();
    expect(existsSync(made.path)).toBe(false);
  });

  it('of a folder that is named from the current directory links to what is there', () => {
    const theirs = join(dir, 'relative');
    mkdirSync(join(theirs, 'contexts'), { recursive: true });
    writeFileSync(join(theirs, 'contexts/far'), 'x');
    const made = makeDockerConfig(relative(process.cwd(), theirs), [LOGIN]);
    expect(readFileSync(join(made.path, 'contexts/far'), 'utf8')).toBe('x');
    made.remove();
  });

  it('leaves nothing where the user’s is broken', () => {
    const theirs = join(dir, 'broken');
    mkdirSync(theirs);
    writeFileSync(join(theirs, 'config.json'), '{');
    expect(() => makeDockerConfig(theirs, [LOGIN])).toThrow(
      expect.objectContaining({ code: 'bad-docker-config' }) as Error,
    );
  });
});
