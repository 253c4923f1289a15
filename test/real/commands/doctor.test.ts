import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofTree, Stage } from './stage.ts';

let stage: Stage;
beforeAll(() => {
  stage = new Stage();
});
afterAll(() => {
  stage.remove();
});

interface Document {
  readonly checks: readonly {
    readonly id: string;
    readonly result: string;
    readonly seen: string;
    readonly fix: string | null;
  }[];
  readonly totals: Readonly<Record<string, number>>;
  readonly ran: readonly { readonly command: string; readonly exitCode: number }[];
}

async function documentOf(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = await stage.run(['doctor', ...args, '--json'], env);
  const document = JSON.parse(stdout) as Document;
  return { status, stderr, document, of: (id: string) => document.checks.find((check) => check.id === id) };
}

describe('moby-build doctor', () => {
  it('judges the client and the engine that a build would use', async () => {
    const { of } = await documentOf(ofTree(stage));
    expect(of('docker-client')).toMatchObject({ result: 'ok', seen: `20.10.24 (${join(stage.bin, 'docker')})` });
    expect(of('engine')).toMatchObject({ result: 'ok' });
    expect(of('storage-driver')).toMatchObject({ result: 'ok', seen: 'overlay2' });
    expect(of('source')).toMatchObject({ result: 'ok', seen: stage.tree });
    expect(of('clock')).toMatchObject({ result: 'skipped', seen: 'nobody is asked (--no-probe)' });
    expect(of('kernel-overlay')).toMatchObject({ result: 'skipped' });
  });

  it('ends with 0 where there are warnings alone, and with 3 where one failed, each fix below its check', async () => {
    const warned = await stage.run(['doctor', ...ofTree(stage), '--only', 'variables,git'], { MOBY_BUILD_RFE: 'x' });
    expect(warned.status, warned.stderr).toBe(0);
    expect(warned.stdout).toMatch(
      /warning {2}MOBY_BUILD_ variables {2}MOBY_BUILD_RFE means nothing\n +\$ unset MOBY_BUILD_RFE/u,
    );
    expect(warned.stdout).toMatch(/\n1 warning, 1 ok; /u);
    const failed = await stage.run(['doctor', ...ofTree(stage), '--only', 'certificates'], { SSL_CERT_FILE: '/gone' });
    expect(failed.status).toBe(3);
    expect(failed.stdout).toMatch(
      /FAILED {3}certificates {2}SSL_CERT_FILE=\/gone is not there\n +\$ unset SSL_CERT_FILE/u,
    );
    expect(failed.stderr).toMatch(
      /1 of 1 checks failed; certificates is the first to fix\.\n {2}next: unset SSL_CERT_FILE\n$/u,
    );
  });

  it('tells what a file of an option is refused for, and goes on', async () => {
    const { status, of } = await documentOf(['--profile', './gone.yaml', '--no-probe', '--ref', 'docker-v29.7.2']);
    expect(status).toBe(3);
    expect(of('profile')).toMatchObject({ result: 'failed', seen: expect.stringContaining('gone.yaml') as string });
    expect(of('git')).toMatchObject({ result: 'ok' });
    expect(of('ref')).toMatchObject({ result: 'ok' });
  });

  it('answers a ref that nobody has with the one that was meant', async () => {
    const { status, of } = await documentOf(['--ref', 'v20.10.99', '--no-probe', '--only', 'ref']);
    expect(status).toBe(3);
    expect(of('ref')).toMatchObject({ result: 'failed' });
  });

  it('shares nothing that names a person or a place', async () => {
    const { stdout } = await stage.run(['doctor', ...ofTree(stage), '--share', '--json'], {
      USER: 'ann-of-corp',
      https_proxy: 'http://user:word@proxy.corp.example:3128',
    });
    for (const secret of [stage.dir, 'ann-of-corp', 'corp.example', 'word'])
      expect(stdout.includes(secret), secret).toBe(false);
    expect(JSON.parse(stdout)).toMatchObject({ shared: true });
  });

  it('installs what is missing with --fix --yes, shows each command before, and looks again', async () => {
    // A machine without make and bash, whose package manager is a stand-in that brings make.
    const path = join(stage.dir, 'sparse');
    const log = join(stage.dir, 'apt.log');
    const manager = `echo "$(basename "$0") $*" >> '${log}'; case " $* " in *" make "*) printf '#!/bin/sh\\necho GNU Make 4.3\\n' > '${path}/make'; chmod 755 '${path}/make';; esac`;
    stage.sparse(path, ['git'], { 'apt-get': manager, sudo: 'exec "$@"' });
    const env = { PATH: path };
    const args = [...ofTree(stage), '--only', 'git,make'];
    if (!/^ID(?:_LIKE)?=.*(?:debian|ubuntu)/mu.test(readFileSync('/etc/os-release', 'utf8'))) return;
    const asked = await stage.run(['doctor', ...args, '--fix'], env);
    expect(asked.status).toBe(3);
    expect(asked.stderr).toContain('apt-get install -y make');
    expect(asked.stderr).toContain('Nothing was installed. Add --yes');
    expect(existsSync(log)).toBe(false);
    const fixed = await documentOf([...args, '--fix', '--yes'], env);
    expect(fixed.status, fixed.stderr).toBe(0);
    expect(fixed.of('make')).toMatchObject({ result: 'ok' });
    expect(fixed.document.ran.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(fixed.stderr).toMatch(/\$ (?:sudo )?apt-get update\n[^]*\$ (?:sudo )?apt-get install -y make\n/u);
    expect(readFileSync(log, 'utf8')).toBe('apt-get update\napt-get install -y make\n');
  });
});
