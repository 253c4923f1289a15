#!/bin/bash
# enter.sh STATE: makes this process, alone in namespaces of its own, the lab's init. To be started by
# `unshare --pid --fork --kill-child --mount --net`: when it dies, everything of the lab dies and every mount is gone.
set -eu
. "$1/lab.env"
root=$LAB_STATE/root

mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$LAB_LOWERS,upperdir=$LAB_STATE/upper,workdir=$LAB_STATE/work" "$root"
mkdir -p "$root"/{proc,sys,dev,run,tmp,opt/node/bin,opt/moby-build,var/lib/docker,srv/lab,.old}
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
# An engine's own storage cannot lie on an overlay.
mount --bind "$LAB_STATE/data" "$root/var/lib/docker"
mount --bind "$LAB_STATE/shared" "$root/srv/lab"
mount --bind "$LAB_GIT" "$LAB_STATE/shared/git"
mount --bind "$LAB_STATE/shared/git" "$root/srv/lab/git"
touch "$root/opt/node/bin/node"
mount --bind "$LAB_NODE" "$root/opt/node/bin/node"
mount --bind "$LAB_PRODUCT" "$root/opt/moby-build"
mount -o remount,bind,ro "$root/opt/moby-build"
if [ -n "${LAB_BINFMT:-}" ]; then mount -t binfmt_misc binfmt_misc "$root/proc/sys/fs/binfmt_misc"; fi
if [ -n "${LAB_BARE:-}" ]; then
	# A second machine in the same network, with nothing but Debian's minimal system. What it builds lies where the lab's own root sees it.
	bare=$root/srv/bare
	mkdir -p "$bare"
	mount -t overlay overlay -o "lowerdir=$LAB_BARE,upperdir=$LAB_STATE/bare/upper,workdir=$LAB_STATE/bare/work" "$bare"
	mkdir -p "$bare"/{proc,sys,dev,run,tmp,root,opt/node/bin,opt/moby-build,var/lib/docker,.old}
	mount -t proc proc "$bare/proc"
	for shared in sys dev run root opt/moby-build var/lib/docker; do mount --rbind "$root/$shared" "$bare/$shared"; done
	mount -t tmpfs tmpfs "$bare/tmp"
	touch "$bare/opt/node/bin/node"
	mount --bind "$LAB_NODE" "$bare/opt/node/bin/node"
fi
cd "$root"
pivot_root . .old
umount -l /.old
rmdir /.old
exec /bin/bash /srv/lab/serve.sh
