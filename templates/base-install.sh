#!/bin/sh
# Makes a system of Debian out of the packages beside this script. moby-build has put them here, and has unpacked the essential
# ones into the image already, so that there is a shell and dpkg: now dpkg installs them all, as debootstrap would.
set -e
export DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true LC_ALL=C
cd "$(dirname "$0")"

# Nothing of a package may be started here.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d

/sbin/ldconfig
# base-files and base-passwd make the files of which all others think that they are there: /etc/passwd, /etc/group, /etc/profile.
dpkg --force-depends --install essential/base-passwd_*.deb
dpkg --force-depends --install essential/base-files_*.deb
dpkg --force-depends --unpack essential/*.deb
dpkg --configure --pending
dpkg --force-depends --unpack more/*.deb
dpkg --configure --pending
# What is not whole now would fail later, where nobody knows why.
test -z "$(dpkg --audit)"
rm -f /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig/aux-cache
