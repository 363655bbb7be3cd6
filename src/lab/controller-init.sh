#!/bin/sh
# First process of a lab controller, in network, mount, process and host name namespaces of its own: gives the
# machine private files, then keeps `serve` (or what else the arguments say) running, as an init does.
# Arguments: host name, directory of the machine's disk, directory of the code, mount point for the code, program.
set -eu
name=$1 disk=$2 code=$3 target=$4
shift 4

echo "$name" > /proc/sys/kernel/hostname
mount -t proc proc /proc
mount -t sysfs sysfs /sys

resolv=$(readlink -f /etc/resolv.conf || true)
if [ ! -e "$resolv" ]; then resolv=; fi

# Nothing below /run survives a power cut, here as on a machine. The code is bound before /run is covered.
stage=$disk/run
mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs "$stage"
mkdir "$stage/${target#/run/}" "$stage/lock"
mount --rbind "$code" "$stage/${target#/run/}"
mount -o remount,bind,ro "$stage/${target#/run/}"

mount --bind "$disk/etc/hosts" /etc/hosts
mount --bind "$disk/etc/meshwright" /etc/meshwright
mount --bind "$disk/log" /var/log
if [ -n "$resolv" ]; then
  case $resolv in
    /run/*) mkdir -p "$stage/${resolv#/run/}" && rmdir "$stage/${resolv#/run/}"
            cp "$disk/etc/resolv.conf" "$stage/${resolv#/run/}" ;;
    *) mount --bind "$disk/etc/resolv.conf" "$resolv" ;;
  esac
fi
mount --rbind "$stage" /run
mount --bind "$disk/lib" /var/lib

cd /
: > /run/meshwright-lab-booted
while :; do
  "$@" || echo "$1 ended with $?" >&2
  sleep 1
done
