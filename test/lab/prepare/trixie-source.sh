set -eu
# trixie-source.sh ARCHIVE SHA256 GOPROXY: moby 26.1.5 as upstream's tag has it, in /run/shared/engine. Debian's source lacks vendor/;
# the go command restores it from modules, each checked against vendor.sum, which Debian has kept.
archive=$1 sum=$2
export GOPROXY="$3" GOMODCACHE=/var/tmp/modules GOFLAGS=-modcacherw GOTOOLCHAIN=local GO111MODULE=on
if [ -e /run/shared/ca.pem ]; then export SSL_CERT_FILE=/run/shared/ca.pem CURL_CA_BUNDLE=/run/shared/ca.pem; fi
curl -fsSL --retry 3 -o /var/tmp/moby.tar.xz "$archive"
echo "$sum  /var/tmp/moby.tar.xz" | sha256sum --check --quiet
mkdir /var/tmp/moby
tar -xJf /var/tmp/moby.tar.xz -C /var/tmp/moby --strip-components=2
mv /var/tmp/moby/engine /run/shared/engine
cd /run/shared/engine
# No go.mod is in the tree; its own hack/with-go-mod.sh writes these lines for as long as a command runs.
printf 'module github.com/docker/docker\n\ngo 1.21\n' > go.mod
go mod vendor -modfile=vendor.mod
rm go.mod
rm -rf /var/tmp/moby /var/tmp/moby.tar.xz /var/tmp/modules
