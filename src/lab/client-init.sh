#!/bin/sh
# First process of a client host in the lab, in mount and process namespaces of its own: gives it private places for
# the sockets of its engines, then waits. Everything on the host dies with it. Argument: directory of its disk.
set -eu
mount -t proc proc /proc
mkdir -p /run/wireguard
mount -t tmpfs -o mode=0755 tmpfs /run/wireguard
: > "$1/booted"
exec sleep infinity
