import * as z from 'zod';
import { descriptionInFile, environmentName } from '../options/option.ts';
import { OPTION_NAMES, specOf, spelled } from '../options/options.ts';

/** The JSON Schema (draft 2020-12) of the config file, made from the table of options. `schemas/options.schema.json` is this, written out. */
export function optionsJsonSchema(): Record<string, unknown> {
  const entries = OPTION_NAMES.filter((name) => specOf(name).inFile).map((name) => {
    const spec = specOf(name);
    const flag = spelled(name);
    const described = spec.schema.meta({
      description: `${descriptionInFile(spec)} On the line: ${flag}; in the environment: ${environmentName(flag.slice(2))}.`,
      ...(spec.fallback === null || spec.fallbackText !== undefined ? {} : { default: spec.fallback }),
    });
    return [name, described.optional()] as const;
  });
  const whole = z.strictObject({ $schema: z.string().optional(), ...Object.fromEntries(entries) }).meta({
    title: 'moby-build configuration',
    description:
      'moby-build.yaml, moby-build.yml or moby-build.json in the directory where moby-build is started, or --config FILE.',
  });
  return z.toJSONSchema(whole, { io: 'input' });
}
