set -eu
# component-sources.sh GOPROXY PACKAGE...: upstream's part of Debian's source packages as /run/shared/PACKAGE, its release in
# /run/shared/PACKAGE.version. apt compares the sums with its signed list. Debian repacks a source (`+ds`, `~ds`) to take vendor/ out: the go
# command restores it from modules, each held against go.sum.
export GOPROXY="$1" GOMODCACHE=/var/tmp/modules GOFLAGS=-modcacherw GOTOOLCHAIN=local GO111MODULE=on
shift
trust=
if [ -e /run/shared/ca.pem ]; then
	export SSL_CERT_FILE=/run/shared/ca.pem
	trust='-o Acquire::https::CaInfo=/run/shared/ca.pem'
fi
mkdir /var/tmp/sources
cd /var/tmp/sources
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
for package in "$@"; do
	# Upstream's part of the release's own package: a later one from the security archive has the same, and is not on every mirror.
	# Root downloads: apt's own user cannot write here.
	# shellcheck disable=SC2086
	apt-get -q $trust -o APT::Sandbox::User=root source --download-only --tar-only "$package/$suite"
done
for package in "$@"; do
	archive=$(ls "${package}"_*.orig.tar.*z)
	version=${archive#"${package}"_}
	version=${version%.orig.tar.*}
	tree=/run/shared/$package
	mkdir "$tree"
	tar -xf "$archive" -C "$tree" --strip-components=1
	case $version in
	*[+~]ds*) (cd "$tree" && go mod vendor) ;;
	esac
	printf '%s\n' "${version%%[+~]*}" > "$tree.version"
done
rm -rf /var/tmp/sources /var/tmp/modules
