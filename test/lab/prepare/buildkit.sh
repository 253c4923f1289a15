set -eu
# buildkit.sh GOPROXY VERSION: buildkitd and buildctl of that version from their Go module, in /run/shared/usr/local/bin. The go command holds
# each module against the module's own go.sum. The version is stamped as the makers' releases have it: `go install` alone leaves it unknown.
export GOPROXY="$1" GOMODCACHE=/var/tmp/modules GOCACHE=/var/tmp/go-build GOFLAGS=-modcacherw GOTOOLCHAIN=local CGO_ENABLED=0
if [ -e /run/shared/ca.pem ]; then export SSL_CERT_FILE=/run/shared/ca.pem; fi
mkdir -p /run/shared/usr/local/bin
GOBIN=/run/shared/usr/local/bin go install -trimpath -ldflags "-s -w -X github.com/moby/buildkit/version.Version=$2" \
	"github.com/moby/buildkit/cmd/buildkitd@$2" "github.com/moby/buildkit/cmd/buildctl@$2"
rm -rf /var/tmp/modules /var/tmp/go-build
