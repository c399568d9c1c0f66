#!/bin/sh
# Runs a command in a network and with a name service of its own: a loopback interface, and no name
# but those of /etc/hosts. That a name is not there is then known, and not only unanswered.
set -eu
if [ "${ALONE:-}" = "" ]; then
	ALONE=yes exec unshare --net --mount sh "$0" "$@"
fi
unset ALONE
ip link set lo up
ip addr add 198.51.100.7/32 dev lo # an address of its own, as every host has one
mount --bind "$(dirname "$0")/nsswitch.conf" /etc/nsswitch.conf
exec "$@"
