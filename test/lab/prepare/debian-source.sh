set -eu
# Debian's source of moby, in the chroot of the layer "real". What the build of Debian's package finds
# beside engine/ goes to where Go looks for it; engine/ itself goes out, to become a git repository.
mkdir -p /usr/src/moby /go/src/github.com/docker
cd /usr/src/moby
apt-get -q -o Acquire::https::CaInfo=/run/shared/ca.pem source docker.io
cd docker.io-*/
cp -a engine /run/shared/engine
for part in swarmkit libnetwork; do cp -a "$part" "/go/src/github.com/docker/$part"; done
cp -a libnetwork /run/shared/libnetwork
# libnetwork's proxy has one dependency; in its own repository it lies in vendor/.
mkdir -p /run/shared/libnetwork/vendor/github.com/ishidawataru
cp -aL /usr/share/gocode/src/github.com/ishidawataru/sctp /run/shared/libnetwork/vendor/github.com/ishidawataru/sctp
cd / && rm -rf /usr/src/moby
