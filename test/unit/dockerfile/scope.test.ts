import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import { Scope, Variables } from '../../../src/dockerfile/scope.ts';
import { MobyBuildError } from '../../../src/errors.ts';

/** What a variable is at the end of the last stage; stages inherit by name. */
function at(text: string, name: string, buildArgs: Record<string, string> = {}, arch = 'arm64'): string | undefined {
  const dockerfile = parseDockerfile(text, 'Dockerfile');
  const variables = new Variables(dockerfile, { arch, buildArgs });
  const scopes = new Map<string, Scope>();
  let scope = new Scope();
  for (const stage of dockerfile.stages) {
    scope = variables.start(scopes.get(variables.fromName(stage)) ?? null);
    for (const instruction of stage.instructions) variables.apply(scope, instruction);
    scopes.set(stage.name, scope);
  }
  return scope.variable(name)?.value;
}

describe('variables of a stage', () => {
  it.each([
    ['a global ARG is not seen', 'ARG A=1\nFROM i\n', undefined],
    ['unless the stage asks for it', 'ARG A=1\nFROM i\nARG A\n', '1'],
    ['its own default wins over the global one', 'ARG A=1\nFROM i\nARG A=2\n', '2'],
    ['an ARG after ENV wins', 'FROM i\nENV A=env\nARG A=arg\n', 'arg'],
    ['an ENV after ARG wins', 'FROM i\nARG A=arg\nENV A=env\n', 'env'],
    ['an ARG wins over the ENV of the stage below', 'FROM i AS b\nENV A=env\nFROM b\nARG A=arg\n', 'arg'],
    ['a name in ENV is a word', 'FROM i\nARG N=A\nENV "$N"=1\n', '1'],
    ['ENV is inherited', 'FROM i AS b\nENV A=1\nFROM b\n', '1'],
    ['ARG is inherited by a stage built on it', 'FROM i AS b\nARG A=1\nFROM b\n', '1'],
    ['but not by another', 'FROM i AS b\nARG A=1\nFROM i\n', undefined],
    ['an ARG may use ENV', 'FROM i\nENV B=x\nARG A=$B-y\n', 'x-y'],
    ['one ENV sees what was before it', 'FROM i\nENV B=old\nENV B=new A=$B\n', 'old'],
    ['an ARG without a value stays unset', 'FROM i\nARG A\n', undefined],
  ])('%s', (_title, text, value) => {
    expect(at(text, 'A')).toBe(value);
  });

  it('takes build arguments for ARGs that are declared', () => {
    expect(at('FROM i\nARG A=1\n', 'A', { A: 'given' })).toBe('given');
    expect(at('FROM i\n', 'A', { A: 'given' })).toBeUndefined();
    expect(at('FROM i\nENV A=env\nARG A\n', 'A', { A: 'given' })).toBe('given');
  });

  it('has the proxies that BuildKit predefines', () => {
    expect(at('FROM i\n', 'HTTPS_PROXY', { HTTPS_PROXY: 'http://p' })).toBe('http://p');
  });

  it.each([
    ['arm64', 'linux/arm64', ''],
    ['arm', 'linux/arm/v7', 'v7'],
    ['arm/v6', 'linux/arm/v6', 'v6'],
    ['riscv64', 'linux/riscv64', ''],
  ])('platform arguments for %s', (arch, platform, variant) => {
    expect(at('FROM i\nARG TARGETPLATFORM\n', 'TARGETPLATFORM', {}, arch)).toBe(platform);
    expect(at('FROM i\nARG TARGETVARIANT\n', 'TARGETVARIANT', {}, arch)).toBe(variant);
  });

  it('says the line where a word cannot be expanded', () => {
    const dockerfile = parseDockerfile('FROM i\n\nENV A="x\n', 'Dockerfile');
    const variables = new Variables(dockerfile, { arch: 'arm64' });
    try {
      variables.apply(new Scope(), dockerfile.stages[0]!.instructions[0]!);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(MobyBuildError);
      expect(error).toMatchObject({ where: 'Dockerfile:3', exitCode: 4 });
    }
  });
});
