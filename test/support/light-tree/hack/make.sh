#!/usr/bin/env bash
set -eo pipefail

# Stands for moby's hack/make.sh: the same inputs (VERSION, DOCKER_GITCOMMIT, PREFIX) and the
# same layout of what comes out.

SCRIPTDIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export SCRIPTDIR
export MAKEDIR="$SCRIPTDIR/make"

VERSION=${VERSION:-dev}
if [ -z "$DOCKER_GITCOMMIT" ]; then
	echo >&2 'error: .git directory missing and DOCKER_GITCOMMIT not specified'
	exit 1
fi
GITCOMMIT="$DOCKER_GITCOMMIT"

bundle_dir="bundles"
[ -n "$PREFIX" ] && bundle_dir="$PREFIX/$bundle_dir"
[ -n "${KEEPBUNDLE-}" ] || rm -rf "${bundle_dir:?}"/*
mkdir -p "$bundle_dir"

for bundle in "${@:-binary}"; do
	export DEST="$bundle_dir/$bundle"
	mkdir -p "$DEST"
	echo "---> Making bundle: $bundle (in $DEST)"
	source "$MAKEDIR/$bundle"
done
