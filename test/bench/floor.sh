#!/bin/bash
# What a run costs at the very least: the docker CLI alone deploys a recipe, updates it in place, and removes it by force, under the same
# conditions as cc-ci: every service runs what was deployed, its update has completed, it has stood for HOLD_MS since its youngest task
# began, and its page is answered through the proxy. Prints the milliseconds of each phase as one line of JSON.
#
# Needs: DOCKER (path of the CLI), DOCKER_HOST, STACK, BASE and COMMIT (documents), HOLD_MS, and for a recipe with a page DOMAIN, PROXY, CA.
set -euo pipefail

label="com.docker.stack.namespace=$STACK"
now() { date +%s%3N; }
ids() { "$DOCKER" "$@" --quiet --filter "label=$label"; }

# Every service runs as many tasks as it should.
all_run() {
  local line
  while read -r line; do [ "${line%/*}" = "${line#*/}" ] || return 1; done < <(
    "$DOCKER" service ls --filter "label=$label" --format '{{.Replicas}}'
  )
}

updates_completed() {
  local state
  while read -r state; do [ "$state" = completed ] || return 1; done < <(
    ids service ls | xargs "$DOCKER" service inspect --format '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{else}}none{{end}}'
  )
}

# The time at which the youngest task began, in milliseconds.
youngest() {
  local newest=0 at
  while read -r at; do
    # Go writes "2026-11-26 11:38:55.123 +0000 UTC".
    at=$(date -d "${at% UTC}" +%s%3N)
    [ "$at" -gt "$newest" ] && newest=$at
  done < <(
    ids service ls | xargs "$DOCKER" service ps --quiet --filter desired-state=running |
      xargs "$DOCKER" inspect --format '{{.Status.Timestamp}}'
  )
  [ "$newest" -gt 0 ]
  echo "$newest"
}

stands() {
  local began left
  began=$(youngest)
  left=$((began + HOLD_MS - $(now)))
  [ "$left" -le 0 ] || sleep "$((left / 1000)).$(printf %03d $((left % 1000)))"
}

answers() {
  [ -z "${DOMAIN:-}" ] && return
  until curl --silent --fail --output /dev/null --resolve "$DOMAIN:443:$PROXY" --cacert "$CA" "https://$DOMAIN/"; do sleep 0.05; done
}

remove() {
  local found
  while :; do
    found=$(ids service ls; ids ps --all; ids network ls; ids volume ls; ids secret ls; ids config ls)
    [ -z "$found" ] && break
    ids service ls | xargs --no-run-if-empty "$DOCKER" service rm >/dev/null 2>&1 || true
    ids ps --all | xargs --no-run-if-empty "$DOCKER" rm --force --volumes >/dev/null 2>&1 || true
    ids network ls | xargs --no-run-if-empty "$DOCKER" network rm >/dev/null 2>&1 || true
    ids volume ls | xargs --no-run-if-empty "$DOCKER" volume rm >/dev/null 2>&1 || true
    ids secret ls | xargs --no-run-if-empty "$DOCKER" secret rm >/dev/null 2>&1 || true
    ids config ls | xargs --no-run-if-empty "$DOCKER" config rm >/dev/null 2>&1 || true
  done
}

begun=$(now)
"$DOCKER" stack deploy --detach --compose-file "$BASE" "$STACK" >/dev/null
until all_run; do sleep 0.05; done
answers
stands
deployed=$(now)
"$DOCKER" stack deploy --detach --compose-file "$COMMIT" "$STACK" >/dev/null
until updates_completed && all_run; do sleep 0.05; done
answers
stands
updated=$(now)
remove
removed=$(now)
echo "{\"deploy\":$((deployed - begun)),\"update\":$((updated - deployed)),\"remove\":$((removed - updated))}"
