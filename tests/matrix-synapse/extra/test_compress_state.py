"""The state compressor finds what Synapse stores again and again, and takes nothing from a room by it.

Written, not run: see docs/deferred.md.
"""

import pytest

EVENTS_OF_STATE = 40
SNAPSHOTS = 100


def rows_of(sql, room):
    return int(sql("SELECT count(*) FROM state_groups_state WHERE room_id = '%s'" % room)[0][0])


def test_full_snapshots_of_state_are_compressed_and_the_room_keeps_its_state(admin, sql, door):
    if door.exec("app", "command -v synapse_auto_compressor || true") == "":
        pytest.skip("the recipe's image has no synapse_auto_compressor")
    room = admin.make_room("Compress me")
    for number in range(EVENTS_OF_STATE):
        admin.set_state(room, "org.coop-cloud.test", str(number), {"number": number})
    # Synapse's way to grow: groups that share almost everything with the one before, and say it all again.
    newest = "(SELECT max(state_group) FROM state_groups_state WHERE room_id = '%s')" % room
    sql(
        "WITH made AS (INSERT INTO state_groups (id, room_id, event_id)"
        " SELECT nextval('state_group_id_seq'), '%s', 'none' FROM generate_series(1, %d) RETURNING id)"
        " INSERT INTO state_groups_state (state_group, room_id, type, state_key, event_id)"
        " SELECT made.id, room_id, type, state_key, state_groups_state.event_id"
        " FROM made, state_groups_state WHERE state_group = %s" % (room, SNAPSHOTS, newest)
    )
    before = rows_of(sql, room)
    door.exec("app", 'synapse_auto_compressor -p "postgresql://synapse:$(cat /run/secrets/db_password)@db/synapse" -c 500 -n 100')
    assert rows_of(sql, room) < before / 2
    for number in range(EVENTS_OF_STATE):
        path = "/_matrix/client/v3/rooms/%s/state/org.coop-cloud.test/%d" % (room, number)
        assert admin.ask("GET", path) == {"number": number}
