/** Its lines begin with this. */
export const SAYS = 'sealed build, canary:';

/** The exit code of the step where it reached nothing. */
const SEALED = 77;

/**
 * What the step runs: it looks for devices and routes, asks for a name, and connects to the gateway of a docker bridge and to addresses that
 * nobody has (RFC 5737, RFC 3849). Without a way out the kernel says so at once; an answer, a refusal or a silence mean that there is a way.
 * bash is in every image that moby starts from.
 */
export const SCRIPT = [
  'out=',
  'for d in /sys/class/net/*; do n="${d##*/}"; [ "$n" = lo ] || [ "$n" = "$ALLOWED_DEVICE" ] || out="$out device-$n"; done',
  'while read -r n to rest; do [ "$n" = Iface ] || [ "$to" != 00000000 ] || out="$out default-route-$n"; done < /proc/net/route',
  'if timeout 10 getent hosts "$NAME" > /dev/null 2>&1; then out="$out name-$NAME"; fi',
  'for a in $ADDRESSES; do',
  '  said=$(LC_ALL=C timeout 5 bash -c "exec 3<>/dev/tcp/$a/443" 2>&1) && said=connected',
  '  case $said in *[Uu]nreachable*|*"Cannot assign requested address"*|*"family not supported"*) ;; *) out="$out address-$a" ;; esac',
  'done',
  `if [ -n "$out" ]; then echo "${SAYS} reached$out"; exit 0; fi`,
  `echo "${SAYS} nothing reached"; exit ${String(SEALED)}`,
].join('\n');
