/**
 * The constant shell scripts that the sandbox runs. Values reach them as positional parameters only, so nothing a user gives
 * becomes shell syntax. POSIX sh: dash, bash and busybox run them.
 */

/**
 * Puts itself into control groups and becomes the command: `sh -c JOIN sh UMASK PROCS… -- COMMAND…`. It has to be a process of its own: a group is
 * joined before the cgroup namespace is entered, for afterwards v2 with `nsdelegate` refuses (cgroups(7)).
 */
export const JOIN = `umask "$1"; shift
while [ "$1" != -- ]; do echo 0 >"$1" || exit 125; shift; done
shift
exec "$@"`;

/**
 * First process of the sandbox: `sh -c INSIDE sh BASE HOSTNAME [CGROUPDIR CGROUPNAME]… -- [FROM TO]…`
 * BASE: an empty directory; the new root is mounted there. CGROUPDIR: our group, seen from the host; CGROUPNAME: its place below
 * /sys/fs/cgroup, or \`.\` for the whole of it. FROM: a directory or file of the host, shown read-only as TO.
 *
 * Nothing of the host's files can be written from here: the root is a tmpfs, /usr and its like are bound read-only, and the
 * old root is gone after pivot_root. /proc/sys is read-only but for \`net\`, which belongs to the network namespace. A fresh sysfs belongs to this network
 * namespace, too, and shows no securityfs, so no AppArmor profile is loaded into the host's kernel. /lib/modules is empty: no modprobe.
 *
 * At the end it waits for its standard input to end, which happens when the parent dies in whatever way; as the first process of a
 * pid namespace it takes everything in there with it. It is a shell that waits for \`cat\`, and a waiting shell reaps every orphan that comes to it; a dockerd takes a containerd
 * that is a zombie for a running one. (\`trap '' CHLD; exec cat\` would do, but dash never ignores CHLD.)
 */
export const INSIDE = `set -eu
base=$1 name=$2; shift 2
mount --make-rprivate /
mount -t tmpfs -o mode=755 moby-build "$base"
cd "$base"
mkdir proc sys dev dev/pts dev/shm dev/mqueue tmp run var var/lib var/tmp etc etc/docker opt root old moby
chmod 1777 tmp var/tmp
ln -s ../run var/run
for entry in usr bin sbin lib lib32 lib64 libx32 nix gnu; do
  if [ -L "/$entry" ]; then cp -P "/$entry" "$entry"
  elif [ -d "/$entry" ]; then mkdir "$entry"; mount --bind "/$entry" "$entry"; mount -o remount,bind,ro "$entry"
  fi
done
for lib in usr/lib lib; do
  if [ ! -L "$lib" ] && [ -d "$lib/modules" ]; then mount -t tmpfs -o ro,mode=755 modules "$lib/modules"; fi
done
mount -t proc proc proc
echo "$name" >proc/sys/kernel/hostname
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,rw proc/sys/net
mount -t sysfs sysfs sys
while [ "$1" != -- ]; do
  if [ "$2" = . ]; then mount --bind "$1" sys/fs/cgroup
  else
    mountpoint -q sys/fs/cgroup || mount -t tmpfs -o mode=755 cgroups sys/fs/cgroup
    mkdir -p "sys/fs/cgroup/$2"
    mount --bind "$1" "sys/fs/cgroup/$2"
  fi
  shift 2
done
shift
if mountpoint -q sys/fs/cgroup; then
  for link in /sys/fs/cgroup/*; do
    if [ -L "$link" ]; then cp -P "$link" sys/fs/cgroup/; fi
  done
fi
mount -o remount,bind,ro sys
for device in null zero full random urandom tty fuse kmsg; do
  if [ -c "/dev/$device" ]; then : >"dev/$device"; mount --bind "/dev/$device" "dev/$device"; fi
done
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
mount -t tmpfs -o mode=1777 shm dev/shm
mount -t mqueue mqueue dev/mqueue
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
for file in passwd group nsswitch.conf protocols services ld.so.cache ld.so.conf ld.so.conf.d alternatives localtime os-release ssl iproute2; do
  if [ -d "/etc/$file" ]; then mkdir "etc/$file"; mount --bind "/etc/$file" "etc/$file"; mount -o remount,bind,ro "etc/$file"
  elif [ -f "/etc/$file" ]; then : >"etc/$file"; mount --bind "/etc/$file" "etc/$file"; mount -o remount,bind,ro "etc/$file"
  fi
done
echo "127.0.0.1 localhost $name" >etc/hosts
: >etc/resolv.conf
while [ $# -gt 0 ]; do
  if [ -d "$1" ]; then mkdir -p "./$2"
  else mkdir -p "./$(dirname "$2")"; : >"./$2"
  fi
  mount --bind "$1" "./$2"
  mount -o remount,bind,ro "./$2"
  shift 2
done
pivot_root . old
cd /
umount -l /old
rmdir /old
echo ready
cat >/dev/null
exit 0`;

/**
 * Node program that joins its standard streams with a TCP port: \`node -e BRIDGE HOST PORT\`. It runs in the sandbox's network namespace only, so
 * that the program itself may lie anywhere on the host.
 */
export const BRIDGE = `const socket = require('node:net').connect(Number(process.argv[2]), process.argv[1]);
socket.on('error', (error) => { process.stderr.write(error.code + '\\n'); process.exitCode = 1; process.stdin.destroy(); });
socket.on('close', () => process.stdin.destroy());
process.stdin.pipe(socket).pipe(process.stdout);`;
