"""What is purged is gone, and what is not is still there.

Written, not run: see docs/deferred.md.
"""

import time
import urllib.parse

import pytest

PATIENCE_SECONDS = 120


def until(done):
    """Waits for what Synapse does on its own time."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        if done():
            return
        time.sleep(1)
    pytest.fail("waited in vain for %d s" % PATIENCE_SECONDS)


def is_gone(admin, room, event):
    try:
        admin.event(room, event)
    except Exception as error:
        return getattr(error, "status", None) in (403, 404)
    return False


def test_history_before_an_event_is_purged(admin):
    room = admin.make_room("Long ago")
    old, kept = admin.say(room, "old"), admin.say(room, "new")
    quoted = urllib.parse.quote(room), urllib.parse.quote(kept)
    purge = admin.ask("POST", "/_synapse/admin/v1/purge_history/%s/%s" % quoted, {"delete_local_events": True})["purge_id"]
    status = "/_synapse/admin/v1/purge_history_status/" + purge
    until(lambda: admin.ask("GET", status)["status"] == "complete")
    assert is_gone(admin, room, old)
    assert admin.event(room, kept)["content"]["body"] == "new"


def test_a_room_is_purged(admin, sql):
    room, other = admin.make_room("Gone"), admin.make_room("Stays")
    event = admin.say(other, "still here")
    deletion = admin.ask("DELETE", "/_synapse/admin/v2/rooms/" + urllib.parse.quote(room), {"purge": True})["delete_id"]
    status = "/_synapse/admin/v2/rooms/delete_status/" + deletion
    until(lambda: admin.ask("GET", status)["status"] == "complete")
    assert sql("SELECT count(*) FROM events WHERE room_id = '%s'" % room) == [["0"]]
    assert admin.event(other, event)["content"]["body"] == "still here"
