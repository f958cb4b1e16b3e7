"""A room that is too complex for this server is known as such, so that its people are kept from joining it elsewhere.

Written, not run: see docs/deferred.md.
"""

import re

import pytest

# Synapse's own measure: events of present state, in five hundreds.
EVENTS_OF_A_UNIT = 500


def limit_of(door):
    configuration = door.get("app", "/data/homeserver.yaml").decode()
    section = re.search(r"^limit_remote_rooms:\n((?:[ \t]+.*\n?)+)", configuration, re.MULTILINE)
    if section is None or not re.search(r"^\s+enabled:\s*true\b", section.group(1), re.MULTILINE):
        pytest.skip("the recipe does not limit the complexity of rooms")
    stated = re.search(r"^\s+complexity:\s*([0-9.]+)", section.group(1), re.MULTILINE)
    return float(stated.group(1)) if stated else 1.0


def test_a_room_above_the_limit_is_measured_as_such(admin, sql, door):
    limit = limit_of(door)
    room = admin.make_room("Too much")
    for number in range(int(limit * EVENTS_OF_A_UNIT) + 1):
        admin.set_state(room, "org.coop-cloud.test", str(number), {})
    measured = int(sql("SELECT current_state_events FROM room_stats_current WHERE room_id = '%s'" % room)[0][0])
    assert measured / EVENTS_OF_A_UNIT > limit
