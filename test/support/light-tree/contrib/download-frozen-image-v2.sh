#!/usr/bin/env bash
# Stands for moby's script of this name: download-frozen-image-v2.sh DIR IMAGE:TAG@DIGEST...
set -eo pipefail

dir=$1
shift
registryBase='https://registry-1.docker.io'
authBase='https://auth.docker.io'

mkdir -p "$dir"
for image in "$@"; do
	name=${image%%:*}
	digest=${image#*@}
	token=$(curl -fsSL "$authBase/token?service=registry.docker.io&scope=repository:library/$name:pull" | jq --raw-output .token)
	curl -fsSL -H "Authorization: Bearer $token" "$registryBase/v2/library/$name/manifests/$digest" -o "$dir/$name.json"
done
