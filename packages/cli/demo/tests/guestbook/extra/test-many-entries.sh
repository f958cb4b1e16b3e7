#!/bin/sh
# A busy day: fifty visitors at ten at a time, and none of their lines is lost.
set -eu
entries="$CCCI_BASE_URL/cgi-bin/entries"
count() { curl -fsS "$entries" | grep -c '^Visitor ' || true; }
before=$(count)
seq 50 | xargs -P 10 -I N curl -fsS -o /dev/null --data 'Visitor N' "$entries"
after=$(count)
echo "$((after - before)) of 50 lines are there."
[ "$((after - before))" -eq 50 ]
