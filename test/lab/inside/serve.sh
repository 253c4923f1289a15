#!/bin/bash
# The lab's init, in its own root: the sealed network, the name server, the mirrors, the engine.
set -eu
export PATH=/opt/node/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
. /srv/lab/inside.env
logs=/srv/lab/logs

ip link set lo up
ip address add "$LAB_ADDRESS/32" dev lo
# Where the name of a mirror leads that refuses: nobody listens there.
ip address add "$LAB_NOBODY/32" dev lo
echo "nameserver $LAB_ADDRESS" > /run/resolv.conf
[ -e /etc/resolv.conf ] || : > /etc/resolv.conf
mount --bind /run/resolv.conf /etc/resolv.conf
printf '127.0.0.1 localhost moby-build-lab\n' > /etc/hosts
hostname moby-build-lab 2>/dev/null || true

cp /srv/lab/ca.pem /usr/local/share/ca-certificates/moby-build-lab.crt
update-ca-certificates > /dev/null 2>&1
printf '#!/bin/sh\nexec /opt/node/bin/node /opt/moby-build/bin/moby-build.cjs "$@"\n' > /usr/local/bin/moby-build
chmod 755 /usr/local/bin/moby-build

# Only the names of the mirrors that were asked for; everything else is refused, and every question is logged.
dnsmasq --keep-in-foreground --no-hosts --no-resolv --bind-interfaces --listen-address="$LAB_ADDRESS" --except-interface=lo0 \
	--conf-file=/dev/null --addn-hosts=/srv/lab/names.hosts --pid-file=/run/dnsmasq.pid --log-queries --log-facility=- > "$logs/dns.log" 2>&1 &
docker-registry serve /srv/lab/registry.yml > "$logs/registry.log" 2>&1 &
echo $! > /run/registry.pid
GNUPGHOME=/run/gnupg
export GNUPGHOME
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --import /srv/lab/apt.key 2> "$logs/gpg.log"
NODE_EXTRA_CA_CERTS=/srv/lab/ca.pem node /srv/lab/code/lab/inside/mirrors.mjs > "$logs/mirrors.log" 2>&1 &
echo $! > /run/mirrors.pid
if [ -e /srv/lab/corporate/corporate.env ]; then
	. /srv/lab/corporate/corporate.env
	ip address add "$LAB_PROXY_ADDRESS/32" dev lo
	node /srv/lab/code/lab/inside/forward-proxy.mjs > "$logs/proxy.log" 2>&1 &
	# What whoever runs a company's machines sets up for the engine.
	export HTTP_PROXY="$LAB_PROXY_URL" HTTPS_PROXY="$LAB_PROXY_URL"
	for host in $LAB_CORPORATE; do
		mkdir -p "/etc/docker/certs.d/$host"
		cp /srv/lab/corporate/ca.pem "/etc/docker/certs.d/$host/ca.crt"
	done
else
	touch /run/proxy-ready
fi
# A test kills the engine and starts it again by the same line.
cat > /usr/local/sbin/lab-dockerd <<EOF
#!/bin/sh
rm -f /var/run/docker.pid
exec dockerd --host unix:///var/run/docker.sock --bip "$LAB_BRIDGE" --iptables=false --ip-masq=false --userland-proxy=false \\
	--dns "$LAB_ADDRESS" --cgroup-parent "$LAB_CGROUP" --exec-opt native.cgroupdriver=cgroupfs >> "$logs/dockerd.log" 2>&1
EOF
chmod 755 /usr/local/sbin/lab-dockerd
lab-dockerd &
unset HTTP_PROXY HTTPS_PROXY

for _ in $(seq 1 600); do
	if docker version > /dev/null 2>&1 && [ -e /run/mirrors-ready ] && [ -e /run/proxy-ready ]; then
		touch /srv/lab/ready
		break
	fi
	sleep 0.1
done
# An init waits for every child, also for those that others left.
while :; do wait || true; sleep 3600 & wait $! || true; done
