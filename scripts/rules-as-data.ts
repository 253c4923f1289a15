import { ownRules } from '../src/patching/rules/own-rules.ts';

/** A plugin for the bundler: the rules of `patches/`, read and checked now, so that no run of the command has to. */
export function rulesAsData() {
  return {
    name: 'rules-as-data',
    load(id: string) {
      if (!id.endsWith('/src/patching/rules/own-rules.ts')) return null;
      return `export const ownRules = () => (${JSON.stringify(ownRules())});`;
    },
  };
}
