"""What visitors of the guestbook rely on."""

import urllib.request

ENTRIES = "/cgi-bin/entries"


def post(live_app, line):
    request = urllib.request.Request(live_app.base_url + ENTRIES, data=line.encode(), method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status


def test_a_visitor_reads_what_the_last_one_wrote(live_app):
    assert post(live_app, "Lovely place.") == 200
    assert "Lovely place." in live_app.get(ENTRIES).text.splitlines()


def test_an_entry_holds_no_markup(live_app):
    assert post(live_app, "<b>bold</b>") == 200
    assert "<b>" not in live_app.get(ENTRIES).text


def test_entries_are_kept_in_the_database(live_app, door):
    post(live_app, "Kept.")
    kept = door.exec("db", "REDISCLI_AUTH=$(cat /run/secrets/db_password) redis-cli LRANGE entries 0 -1")
    assert "Kept." in kept.splitlines()


def test_it_was_upgraded_and_given_its_data_back(op_state):
    assert op_state.upgraded and op_state.restored
