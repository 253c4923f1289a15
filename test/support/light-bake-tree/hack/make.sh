#!/usr/bin/env bash
set -e

# make.sh DIR: what stands for dockerd and docker-proxy, compiled for the platform of the build, static or not.

mkdir -p "$1"
flags=()
[ "$DOCKER_STATIC" != 1 ] || flags=(-static)
for name in dockerd docker-proxy; do
	"$(xx-info)-gcc" "${flags[@]}" -DVERSION="\"$VERSION\"" -DGITCOMMIT="\"$DOCKER_GITCOMMIT\"" -o "$1/$name" "cmd/$name/main.c"
done
