/** A folder of which only the image itself knows which it is; a path that starts with it is nowhere. */
const UNKNOWN_WORKDIR = '$WORKDIR';
/** golang's images end with `WORKDIR $GOPATH`, which is /go (docker-library/golang, every Dockerfile of theirs). */
const GOLANG = /(?:^|\/)golang(?:[:@]|$)/;
/** Root file systems of distributions: their images set none, so it is the root. */
const AT_ROOT =
  /(?:^|\/)(?:debian|ubuntu|alpine|busybox|fedora|centos|rockylinux|almalinux|archlinux|buildpack-deps)(?:[:@]|$)/;

/** The working directory that an image brings, as far as its name tells. */
export function workdirOfImage(image: string): string {
  if (GOLANG.test(image)) return '/go';
  return AT_ROOT.test(image) ? '/' : UNKNOWN_WORKDIR;
}
