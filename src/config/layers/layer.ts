import type { OptionName } from '../options/options.ts';
import type { PathBase } from '../options/option.ts';

/** Who said a value. Later ones win. */
export type Origin = 'default' | 'file' | 'environment' | 'flag';

/** Something wrong with the configuration: where it stands and what is expected. */
export interface Problem {
  /** `--arch`, `MOBY_BUILD_ARCH`, `moby-build.yaml:3:8 mirrors.apt` */
  readonly where: string;
  readonly message: string;
}

/** A value as somebody wrote it, not validated. */
export interface RawValue {
  readonly option: OptionName;
  readonly value: unknown;
  /** Names the place of the value, or of the part of it under a path (`['apt']`, `[0]`). */
  readonly where: (path: readonly PropertyKey[]) => string;
}

/** All that one source (flags, environment or file) says. */
export interface Layer {
  readonly origin: Exclude<Origin, 'default'>;
  readonly base: PathBase;
  readonly values: readonly RawValue[];
  /** What could not even be read as a value: unknown names, wrong shapes. */
  readonly problems: readonly Problem[];
}
