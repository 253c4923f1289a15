import { rootOf } from '../../bundle/apt/apt-root.ts';
import { parseSourcesList } from '../../mirrors/apt/sources-list.ts';
import { suiteFacts } from '../../mirrors/catalogue/suites.ts';
import type { Resolutions } from '../../mirrors/resolve/resolutions.ts';

/** A suite, and who serves it, in the order in which they are asked. */
export interface SuitePlace {
  readonly suite: string;
  readonly bases: readonly string[];
  /** Its folder among the parts: `debian`, `debian-security`. */
  readonly root: string;
  readonly components: readonly string[];
  /** It may be past its Valid-Until: its release is archived. */
  readonly expired: boolean;
}

/**
 * The suites of a base: those that the plan's sources name, but for backports. Where the plan leaves the sources of the image, the official ones. Pure.
 *
 * @param official the base before `/debian` of Debian's own host; null: it is not known here
 */
export function suitePlaces(
  { apt }: Pick<Resolutions, 'apt'>,
  suite: string,
  official: string | null,
): readonly SuitePlace[] {
  const facts = suiteFacts(suite);
  const of = (name: string, bases: readonly string[], components = ['main']): SuitePlace => ({
    ...{ suite: name, bases, components, root: rootOf(bases[0] ?? '') },
    expired: apt?.expired ?? facts?.archived ?? false,
  });
  if (apt !== null && apt.text !== null) {
    const lines = parseSourcesList(apt.text).filter(
      ({ type, suite: name }) => type === 'deb' && !/-backports/u.test(name),
    );
    return lines.map((line) => of(line.suite, [line.url.replace(/\/+$/u, '')], [...line.components]));
  }
  const own = official === null ? [] : [`${official}/debian`];
  const ownSecurity = official === null ? [] : [`${official}/debian-security`];
  const debian = apt === null ? own : (apt.lists?.debian ?? [apt.debian]);
  const security = apt === null ? ownSecurity : (apt.lists?.security ?? [apt.security]);
  return [
    of(suite, debian),
    of(`${suite}-updates`, debian),
    of(apt?.securitySuite ?? facts?.security ?? `${suite}-security`, security),
  ];
}
