// @ts-check
/**
 * How the product is called in the lab; the tests and the demo use the same line.
 */

/** What hands out images to the recipe, which names no registry. */
export const registry = 'registry.lab.example';

/** GOARCH of this machine. */
export const arch = process.arch === 'x64' ? 'amd64' : process.arch;

/**
 * Lab A: the recipe of 2022 on Debian's 20.10.24. The release that the lab has, and what the recipe leaves, are given by flags;
 * the pins of the components are the stand-ins' (docs/lab.md).
 * @param {import('./lab.mjs').Lab} lab
 * @returns {string[]}
 */
export function recipeLine(lab) {
  const commit = (/** @type {string} */ name) => {
    const repo = lab.repos[name];
    if (repo === undefined) throw new Error(`the lab has no repository ${name}`);
    return repo.commit;
  };
  return [
    'moby-build',
    ...['--profile', '163', '--ref', 'v20.10.24', '--commit', commit('moby/moby'), '--suite', 'bookworm'],
    ...['--frontend', 'builtin', '--image', `golang=${registry}/library/golang:1.19.7-bookworm`, '--without', 'vpnkit'],
    // One registry has it, and nobody else can say what it is.
    ...['--trust-image', 'golang'],
    ...[
      '--build-arg',
      `CONTAINERD_VERSION=${commit('containerd/containerd')}`,
      '--build-arg',
      `RUNC_VERSION=${commit('opencontainers/runc')}`,
    ],
    ...[
      '--build-arg',
      `TINI_VERSION=${commit('krallin/tini')}`,
      '--build-arg',
      `LIBNETWORK_COMMIT=${commit('moby/libnetwork')}`,
    ],
  ];
}
