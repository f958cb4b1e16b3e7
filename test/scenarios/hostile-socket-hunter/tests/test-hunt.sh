#!/bin/sh
[ "$(find / -xdev -type s 2>/dev/null)" = "" ] || exit 1
[ "$(find /door -type s)" = /door/door ] || exit 2
[ ! -e /var/run/docker.sock ] || exit 3
env | grep -iE 'token|secret|redis|password' && exit 4
exit 0
