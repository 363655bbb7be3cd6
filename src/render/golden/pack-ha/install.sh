#!/bin/sh
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

uninstalled=$(ls /etc/meshwright-client 2> /dev/null | sed -n 's/^\(mwc[0-9]*\)\.conf$/meshwright-client-tunnel@\1/p')
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
systemctl enable --now $(ls mwc*.conf | sed 's/\(.*\)\.conf/meshwright-client-tunnel@\1/') meshwright-client
echo "overlay address $(cat address) is starting: birdc -s /run/meshwright-client/bird.ctl show protocols"
