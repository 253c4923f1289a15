/** The packages that a golang image has and that the steps of moby call (docker-library/golang and buildpack-deps, "scm"), and apt. */
export const BASE_PACKAGES = [
  'apt',
  'ca-certificates',
  'curl',
  'debian-archive-keyring',
  'g++',
  'gcc',
  'git',
  'libc6-dev',
  'make',
  'netbase',
  'openssh-client',
  'pkg-config',
  'tzdata',
];

/** Where the repository of xx lies in the tree. */
export const XX_PATH = 'hack/dockerfile/sources/tonistiigi/xx.git';
