#!/bin/bash
# install.sh NAME: sources NAME.installer in a GOPATH of its own and runs install_NAME.
set -ex

: "${PREFIX:=/usr/local/bin}"
GOPATH="${TMP_GOPATH:-$(mktemp -d)}"
export GOPATH PREFIX
export GO_BUILDMODE="-buildmode=pie"

dir="$(dirname "$0")"
bin=$1
shift

if [ ! -f "${dir}/${bin}.installer" ]; then
	echo "No installer for \"$bin\""
	exit 1
fi

. "${dir}/${bin}.installer"
"install_${bin}" "$@"
