#!/bin/sh
# Adds a page for the day on which it is started, and shows all of them.
set -eu
trap 'kill "$server"; exit 0' TERM
test -e /srv/pages/index.html || echo "Begun on $(date)" >/srv/pages/index.html
httpd -f -p 8080 -h /srv/pages &
server=$!
wait "$server"
