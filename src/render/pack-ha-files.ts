import { type Ula, ulaStem } from '../topology/overlay-ipv6.ts';
import { MESH_TABLE, TUNNEL_MARK } from './engine-paths.ts';

/** The files of an HA pack that are the same in every pack. Short, because people read them before they run them. */
const MARK = `0x${TUNNEL_MARK.toString(16)}`;

export const HA_README = `An overlay address with a tunnel to every controller of the mesh. When one fails, traffic takes another within a
tenth of a second, and the address stays.

    sudo ./install.sh      installs wireguard-tools and bird2 if they are missing, copies these files to
                           /etc/meshwright-client and starts meshwright-client.service
    sudo ./uninstall.sh    removes all of it, except the packages

Is it up?   systemctl status meshwright-client    birdc -s /run/meshwright-client/bird.ctl show protocols
The files contain private keys of this address: keep them private, and use them on one machine only.
`;

export const HA_INSTALL = `#!/bin/sh
# Installs this pack on Debian or Ubuntu with systemd. Run as root from the directory of the pack; run it again after
# downloading the pack anew.
set -eu
cd "$(dirname "$0")"
[ "$(id -u)" -eq 0 ] || { echo "run this as root" >&2; exit 1; }

missing=
masked=
[ ! -e /etc/meshwright-client/bird-masked ] || masked=1
command -v wg > /dev/null || missing="$missing wireguard-tools"
if ! command -v bird > /dev/null; then
  missing="$missing bird2"
  # The packaged service would claim the machine's routing table; this pack runs BIRD with its own configuration.
  ln -sf /dev/null /etc/systemd/system/bird.service
  masked=1
fi
if ip link add mwctest type wireguard 2> /dev/null; then
  ip link delete mwctest
else
  command -v wireguard-go > /dev/null || missing="$missing wireguard-go"
fi
[ -z "$missing" ] || apt-get install -y --no-install-recommends $missing

uninstalled=$(ls /etc/meshwright-client 2> /dev/null | sed -n 's/^\\(mwc[0-9]*\\)\\.conf$/meshwright-client-tunnel@\\1/p')
[ -z "$uninstalled" ] || systemctl disable --now meshwright-client $uninstalled
rm -rf /etc/meshwright-client
install -d -m 0750 -g bird /etc/meshwright-client
[ -z "$masked" ] || : > /etc/meshwright-client/bird-masked
install -m 0644 address *.ip /etc/meshwright-client
install -m 0600 mwc*.conf /etc/meshwright-client
install -m 0640 -g bird bird.conf /etc/meshwright-client
install -m 0755 tunnel uninstall.sh /etc/meshwright-client
install -m 0644 ./*.service /etc/systemd/system
systemctl daemon-reload
systemctl enable --now $(ls mwc*.conf | sed 's/\\(.*\\)\\.conf/meshwright-client-tunnel@\\1/') meshwright-client
echo "overlay address $(cat address) is starting: birdc -s /run/meshwright-client/bird.ctl show protocols"
`;

export const HA_UNINSTALL = `#!/bin/sh
# Removes what install.sh has installed. Packages stay.
set -u
[ "$(id -u)" -eq 0 ] || { echo "run this as root" >&2; exit 1; }
cd /etc/meshwright-client || exit 1
systemctl disable --now meshwright-client $(ls mwc*.conf | sed 's/\\(.*\\)\\.conf/meshwright-client-tunnel@\\1/')
./tunnel clean
rm -f /etc/systemd/system/meshwright-client.service /etc/systemd/system/meshwright-client-tunnel@.service
# The link with which install.sh had kept the packaged service from starting.
[ ! -e bird-masked ] || rm -f /etc/systemd/system/bird.service
systemctl daemon-reload
rm -rf /etc/meshwright-client
`;

/** The script that the services run; with IPv6 in the overlay it looks after the second address in the same way. */
export function haTunnel(ula: Ula | null): string {
  const address6 = ula ? `address6=${ulaStem(ula)}$address\n` : '';
  const clean6 = ula
    ? `  for priority in 1950 1951 1960; do
    while ip -6 rule delete priority $priority 2> /dev/null; do :; done
  done
  ip -6 address delete "$address6/128" dev lo 2> /dev/null || true
  ip -6 route flush table ${MESH_TABLE} 2> /dev/null || true
`
    : '';
  const rules6 = ula
    ? `    # A machine without IPv6 has the rest of the overlay all the same.
    {
      ip -6 rule add priority 1950 fwmark ${MARK} lookup main &&
        ip -6 rule add priority 1951 fwmark ${MARK} unreachable &&
        ip -6 rule add priority 1960 to ${ula} lookup ${MESH_TABLE} &&
        ip -6 address add "$address6/128" dev lo
    } || echo "this machine has no IPv6: the overlay is there with IPv4 alone" >&2
`
    : '';
  return `#!/bin/sh
# Used by the services of this pack.
#   tunnel rules     the overlay address, and routing rules that lead to BIRD's table ${MESH_TABLE}
#   tunnel run mwcN  one tunnel, in the foreground; its own packets (mark ${MARK}) never enter a tunnel
#   tunnel clean     takes away what the others made
set -eu
files=\${MESHWRIGHT_CLIENT:-/etc/meshwright-client}
address=$(cat "$files/address")
${address6}
configure() {
  tries=0
  until wg setconf "$1" "$files/$1.conf" 2> /dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || return 1
    sleep 0.05
  done
  ip -batch "$files/$1.ip"
}

# A name may have moved; a tunnel that works is not disturbed by being told its endpoint again.
renew() {
  wg set "$1" peer "$(sed -n 's/^PublicKey = //p' "$files/$1.conf")" \\
    endpoint "$(sed -n 's/^Endpoint = //p' "$files/$1.conf")" 2> /dev/null || true
}

clean() {
  for priority in 1950 1951 1955 1960; do
    while ip rule delete priority $priority 2> /dev/null; do :; done
  done
  ip address delete "$address/32" dev lo 2> /dev/null || true
  ip route flush table ${MESH_TABLE} 2> /dev/null || true
${clean6}}

case $1 in
  rules)
    clean
    ip rule add priority 1950 fwmark ${MARK} lookup main
    ip rule add priority 1951 fwmark ${MARK} unreachable
    # Networks that this machine knows by itself stay as they are.
    ip rule add priority 1955 lookup main suppress_prefixlength 0
    ip rule add priority 1960 lookup ${MESH_TABLE}
    ip address add "$address/32" dev lo
    sysctl -q -w net.ipv4.conf.all.rp_filter=2
${rules6}    ;;
  run)
    if ip link add "$2" type wireguard 2> /dev/null || [ -d "/sys/class/net/$2" ]; then
      trap 'ip link delete "$2"; exit 0' TERM INT
      configure "$2"
      while :; do
        sleep 60 & wait $! || true
        renew "$2"
      done
    fi
    # Beside the tunnel's process, and no longer than that.
    ( {
      configure "$2" || kill $$
      while sleep 60 && kill -0 $$ 2> /dev/null; do renew "$2"; done
    } & )
    # Half of the cores are enough for a tunnel, and leave the rest to everybody else.
    export GOMAXPROCS=$((($(nproc) + 1) / 2))
    exec chrt --rr 10 wireguard-go -f "$2"
    ;;
  clean) clean ;;
esac
`;
}

export const HA_TUNNEL_UNIT = `[Unit]
Description=Meshwright overlay client, tunnel %i
After=network.target
StartLimitIntervalSec=0

[Service]
ExecStart=/etc/meshwright-client/tunnel run %i
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
`;

export const HA_BIRD_UNIT = `[Unit]
Description=Meshwright overlay client
After=network.target
StartLimitIntervalSec=0

[Service]
RuntimeDirectory=meshwright-client
ExecStartPre=/etc/meshwright-client/tunnel rules
ExecStart=/usr/sbin/bird -f -u bird -g bird -c /etc/meshwright-client/bird.conf -s /run/meshwright-client/bird.ctl
ExecStopPost=/etc/meshwright-client/tunnel clean
# Failure is detected within 75 ms: a busy CPU must not look like one.
CPUSchedulingPolicy=rr
CPUSchedulingPriority=20
Restart=always
RestartSec=0

[Install]
WantedBy=multi-user.target
`;
