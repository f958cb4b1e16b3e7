#!/bin/sh
set -eu
[ "$(door exec app 'wc -c < /run/secrets/token')" -eq 32 ]
