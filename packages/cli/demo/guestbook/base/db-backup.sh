#!/bin/sh
# Writes the entries beside the database, and reads them in again.
set -eu
REDISCLI_AUTH=$(cat /run/secrets/db_password)
export REDISCLI_AUTH
case "$1" in
  backup)
    { echo '# entries'; redis-cli LRANGE entries 0 -1; } >/data/backup.txt
    ;;
  restore)
    redis-cli DEL entries
    tail -n +2 /data/backup.txt | while IFS= read -r line; do redis-cli RPUSH entries "$line"; done
    ;;
esac
