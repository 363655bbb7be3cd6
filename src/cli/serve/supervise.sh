#!/bin/sh
# Stays in the foreground for `meshwright serve`: runsvdir restarts controller and applier when they die, and a
# signal stops the two. The engines are not among its children and go on, unless the second argument is `engines`.
# Arguments: directory of the services, what else to stop (`engines` or `nothing`).
set -u
services=$1 also=$2
stopping=

cd /
runsvdir -P "$services/enabled" &
child=$!
echo "$$ $child" > "$services/pids"

# runsvdir goes first, as it would start again what the next lines end; it asks its children to end, sv insists.
stop() {
  [ -z "$stopping" ] || return 0
  stopping=yes
  trap '' TERM INT HUP
  kill -HUP "$child" 2> /dev/null
  for one in controller applier; do
    sv -w 12 force-shutdown "$services/enabled/$one" > /dev/null 2>&1
  done
  if [ "$also" = engines ]; then
    for one in /run/meshwright-applier/service/*; do
      [ ! -d "$one" ] || sv -w 7 force-shutdown "$one" > /dev/null 2>&1
    done
  fi
}
trap stop TERM INT HUP

while kill -0 "$child" 2> /dev/null; do wait "$child"; done
rm -f "$services/pids"
[ -n "$stopping" ]
