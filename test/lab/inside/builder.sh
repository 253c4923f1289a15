#!/bin/bash
# builder.sh NAME NUMBER [tls]: starts a buildkitd, anew where one was killed, and returns when it answers. As on another machine it has an
# address of its own, 192.0.2.(4·NUMBER+2); what it runs is in its pid namespace, so nothing outlives it. /run/bk/NAME.pid is who holds it:
# when that is killed, so is buildkitd. It listens at unix:///run/bk/NAME.sock; with tls at its address, port 1234, for those who show
# /etc/bk/NAME/client.pem.
set -eu
. /srv/lab/inside.env
name=$1 near=192.0.2.$((4 * $2 + 1)) far=192.0.2.$((4 * $2 + 2)) how=${3:-socket}
etc=/etc/bk/$name netns=bk-$name
log=/srv/lab/logs/bk-$name.log

mkdir -p /run/bk "$etc"
if [ "$how" = tls ]; then
	address=tcp://$far:1234
	client=(--tlscacert "$etc/ca.pem" --tlscert "$etc/client.pem" --tlskey "$etc/client.key" --tlsservername "$far")
	tls="[grpc.tls]
cert = \"$etc/server.pem\"
key = \"$etc/server.key\"
ca = \"$etc/ca.pem\""
else
	address=unix:///run/bk/$name.sock
	client=()
	tls=
fi
# An engine's own storage cannot lie on an overlay; this folder does not.
cat > "$etc/buildkitd.toml" <<EOF
root = "/var/lib/docker/bk-$name"
[worker.oci]
networkMode = "host"
gc = false
defaultCgroupParent = "$LAB_CGROUP/bk-$name"
[grpc]
address = ["$address"]
$tls
EOF

if [ "$how" = tls ] && [ ! -e "$etc/client.pem" ]; then
	cd "$etc"
	openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=builders -keyout ca.key -out ca.pem 2>> "$log"
	for who in server client; do
		openssl req -newkey rsa:2048 -nodes -subj "/CN=$who" -addext "subjectAltName=IP:$far" -keyout "$who.key" -out "$who.csr" 2>> "$log"
		openssl x509 -req -days 30 -in "$who.csr" -copy_extensions copy -CA ca.pem -CAkey ca.key -out "$who.pem" 2>> "$log"
	done
fi
if [ ! -e "/run/netns/$netns" ]; then
	ip netns add "$netns"
	ip link add "bk$2" type veth peer name eth0 netns "$netns"
	ip address add "$near/30" dev "bk$2"
	ip link set "bk$2" up
	ip -n "$netns" address add "$far/30" dev eth0
	ip -n "$netns" link set lo up
	ip -n "$netns" link set eth0 up
	ip -n "$netns" route add default via "$near"
fi

# One that was just killed may still be about to end.
if [ -e "/var/lib/docker/bk-$name/buildkitd.lock" ]; then flock --timeout 60 "/var/lib/docker/bk-$name/buildkitd.lock" true; fi
setsid nsenter --net="/run/netns/$netns" unshare --pid --mount --fork --kill-child=KILL --mount-proc -- \
	buildkitd --config "$etc/buildkitd.toml" >> "$log" 2>&1 < /dev/null &
echo $! > "/run/bk/$name.pid"
for _ in $(seq 1 600); do
	if buildctl --addr "$address" "${client[@]}" debug workers > /dev/null 2>&1; then exit 0; fi
	kill -0 $! || break
	sleep 0.1
done
tail -20 "$log" >&2
exit 1
