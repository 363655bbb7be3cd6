#!/bin/sh
# Removes what install.sh has installed. Packages stay.
set -u
[ "$(id -u)" -eq 0 ] || { echo "run this as root" >&2; exit 1; }
cd /etc/meshwright-client || exit 1
systemctl disable --now meshwright-client $(ls mwc*.conf | sed 's/\(.*\)\.conf/meshwright-client-tunnel@\1/')
./tunnel clean
rm -f /etc/systemd/system/meshwright-client.service /etc/systemd/system/meshwright-client-tunnel@.service
# The link with which install.sh had kept the packaged service from starting.
[ ! -e bird-masked ] || rm -f /etc/systemd/system/bird.service
systemctl daemon-reload
rm -rf /etc/meshwright-client
