import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { optionsJsonSchema } from '../../../src/config/layers/json-schema.ts';
import { configText } from '../../../src/config/pages/config-text.ts';

const asItIs = (english: string): string => english;

/** The comment above a key. */
function commentOf(key: string): string {
  return (
    new RegExp(`((?:^# .*\\n)+)#?${key}:`, 'mu').exec(configText({}, asItIs))?.[1]?.replaceAll(/^# |\n/gmu, '') ?? ''
  );
}

describe('a first configuration file', () => {
  it('sets what is given, quoted, and nothing else', () => {
    expect(parse(configText({ ref: '20.10', without: ['vpnkit'], profile: 'no' }, asItIs))).toEqual({
      ref: '20.10',
      without: ['vpnkit'],
      profile: 'no',
    });
    expect(parse(configText({}, asItIs))).toBeNull();
  });

  it('says of a switch that is on what its false does', () => {
    expect(commentOf('probe')).toMatch(/^false: Use the order/u);
    expect(commentOf('locked')).not.toContain('false:');
    const { properties } = optionsJsonSchema() as { properties: Record<string, { description: string }> };
    expect(properties['probe']?.description).toMatch(
      /^false: .*--no-probe; in the environment: MOBY_BUILD_NO_PROBE\.$/u,
    );
  });
});
