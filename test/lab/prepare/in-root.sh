#!/bin/sh
# in-root.sh LOWERS UPPER WORK ROOT SHARED COMMAND...: runs a command chrooted in an overlay of the
# lower folders (first on top) that writes to UPPER. SHARED, a folder of the host or "", is /shared in it.
# To be started in mount and pid namespaces of its own: whatever it mounts or leaves running ends with it.
set -eu
lowers=$1 upper=$2 work=$3 root=$4 shared=$5
shift 5
mount -t overlay overlay -o "lowerdir=$lowers,upperdir=$upper,workdir=$work" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
if [ -e /etc/resolv.conf ]; then
	cat /etc/resolv.conf > "$root/run/resolv.conf"
	[ -e "$root/etc/resolv.conf" ] || : > "$root/etc/resolv.conf"
	mount --bind "$root/run/resolv.conf" "$root/etc/resolv.conf"
fi
if [ -n "$shared" ]; then
	mkdir -p "$root/run/shared"
	mount --bind "$shared" "$root/run/shared"
fi
exec chroot "$root" "$@"
