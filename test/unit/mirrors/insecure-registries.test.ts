import { describe, expect, it } from 'vitest';
import { readEngineAnswer } from '../../../src/make/engine/engine-answers.ts';
import { isInsecure } from '../../../src/mirrors/requests/insecure-registries.ts';

describe('a registry that the engine takes without TLS', () => {
  const listed = ['127.0.0.0/8', '10.1.0.0/16', 'fd00::/8', 'registry.example:5000', 'plain.example', 'nonsense/x'];
  it.each([
    ['registry.example:5000', true],
    ['registry.example', false],
    ['registry.example:5001', false],
    ['plain.example', true],
    ['10.1.2.3:5000', true],
    ['10.2.2.3:5000', false],
    ['[fd00::1]:5000', true],
    ['[fe80::1]:5000', false],
    ['nonsense', false],
  ])('%s: %s', (host, taken) => {
    expect(isInsecure(host, listed)).toBe(taken);
    expect(isInsecure(host, [])).toBe(false);
  });

  it('is told by docker info: blocks of addresses, and names that are not secure', () => {
    const info = {
      RegistryConfig: {
        InsecureRegistryCIDRs: ['127.0.0.0/8'],
        IndexConfigs: {
          'docker.io': { Name: 'docker.io', Secure: true, Official: true },
          'registry.example:5000': { Name: 'registry.example:5000', Secure: false, Official: false },
        },
      },
    };
    expect(readEngineAnswer('', JSON.stringify(info)).insecureRegistries).toEqual([
      '127.0.0.0/8',
      'registry.example:5000',
    ]);
    expect(readEngineAnswer('', '{"RegistryConfig":{"IndexConfigs":[]}}').insecureRegistries).toEqual([]);
  });
});
