#!/bin/sh
# First process in an engine's own network, mount, pid and host name spaces. It makes them fit for dockerd and becomes dockerd.
# From the environment: NAME (host name and control group), FOLDER (the machine's state), CACHE, ENGINE_ADDRESS (our
# end of the link), IMAGE_HOSTS (that the registry poses as, separated by spaces), REGISTRY_PORT.
set -eu

echo "$NAME" > /proc/sys/kernel/hostname

# dockerd writes to /run, /etc/docker and /var/lib/docker whatever its flags say: it gets its own. The two folders that it must
# go on sharing with the host are held open meanwhile, for the case that they lie below one of those.
exec 8< "$CACHE" 9< "$FOLDER"
mount -t tmpfs tmpfs /run
mkdir /run/etc-upper /run/etc-work
mount -t overlay etc -o lowerdir=/etc,upperdir=/run/etc-upper,workdir=/run/etc-work /etc
mount -t tmpfs tmpfs /var/lib
[ -e "$CACHE" ] || { mkdir -p "$CACHE"; mount --no-canonicalize --bind /proc/self/fd/8 "$CACHE"; }
[ -e "$FOLDER" ] || { mkdir -p "$FOLDER"; mount --no-canonicalize --bind /proc/self/fd/9 "$FOLDER"; }
exec 8<&- 9<&-

ip link set lo up
echo waiting for the link
read -r _
ip addr add "$ENGINE_ADDRESS/30" dev eth0
ip link set eth0 up
# There is no default route: nothing leaves, and a look-up of a name outside fails at once instead of after seconds.

echo 1 > /proc/sys/net/ipv4/ip_forward
# Containers answer the host and never call it. Of this engine they reach what the proxy serves to everybody, not the Swarm manager.
iptables -N DOCKER-USER
iptables -A DOCKER-USER -o eth0 -m conntrack --ctstate NEW -j DROP
iptables -A DOCKER-USER -j RETURN
for bridge in docker0 docker_gwbridge; do
  iptables -A INPUT -i $bridge -p tcp -m multiport --dports 80,443 -j ACCEPT
  iptables -A INPUT -i $bridge -m conntrack --ctstate NEW -j DROP
done

# The registry is all image hosts for this engine, and there are no others: dockerd trusts its certificate and no other. Its own
# port is one that no recipe publishes.
printf '127.0.0.1 localhost\n127.0.0.2 %s\n' "$IMAGE_HOSTS" > /etc/hosts
iptables -t nat -A OUTPUT -d 127.0.0.2/32 -p tcp --dport 443 -j REDIRECT --to-ports "$REGISTRY_PORT"
export SSL_CERT_FILE="$FOLDER/registry.crt"
docker-registry serve "$FOLDER/registry.yml" > "$FOLDER/registry.log" 2>&1 < /dev/null &

# What a killed engine left: in a fresh pid namespace its pids may well be somebody's, and then it would not start.
rm -f "$FOLDER/docker.sock" "$FOLDER/dockerd.pid" "$FOLDER/exec/containerd/containerd.pid"
# tini, since dockerd as first process would leave a zombie for each container.
exec tini -- dockerd \
  --host "unix://$FOLDER/docker.sock" --pidfile "$FOLDER/dockerd.pid" --data-root "$FOLDER/data" --exec-root "$FOLDER/exec" \
  --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$NAME" \
  > "$FOLDER/engine.log" 2>&1 < /dev/null
