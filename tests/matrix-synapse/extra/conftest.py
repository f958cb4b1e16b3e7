"""A person with the rights of an administrator on the Synapse under test, made by Synapse's own tool."""

import json
import secrets
import urllib.error
import urllib.parse
import urllib.request

import pytest

CLIENT = "/_matrix/client/v3"


class Refused(Exception):
    """Synapse said no."""

    def __init__(self, status, said):
        super().__init__("%d: %s" % (status, said))
        self.status = status


class Person:
    def __init__(self, base_url, token):
        self._base_url = base_url
        self._token = token

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self._base_url + path, method=method)
        request.add_header("authorization", "Bearer " + self._token)
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data=data, timeout=60) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as refusal:
            raise Refused(refusal.code, refusal.read().decode("utf-8", "replace")) from refusal

    def make_room(self, name):
        return self.ask("POST", CLIENT + "/createRoom", {"name": name})["room_id"]

    def say(self, room, text):
        path = "%s/rooms/%s/send/m.room.message/%s" % (CLIENT, urllib.parse.quote(room), secrets.token_hex(8))
        return self.ask("PUT", path, {"msgtype": "m.text", "body": text})["event_id"]

    def set_state(self, room, kind, key, content):
        path = "%s/rooms/%s/state/%s/%s" % (CLIENT, urllib.parse.quote(room), kind, key)
        return self.ask("PUT", path, content)["event_id"]

    def event(self, room, event):
        return self.ask("GET", "%s/rooms/%s/event/%s" % (CLIENT, urllib.parse.quote(room), urllib.parse.quote(event)))


@pytest.fixture(scope="session")
def admin(live_app, door):
    name, password = "ccci" + secrets.token_hex(4), secrets.token_urlsafe(24)
    door.exec(
        "app",
        "register_new_matrix_user --admin --user %s --password %s --config /data/homeserver.yaml http://localhost:8008"
        % (name, password),
    )
    body = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": name}, "password": password}
    request = urllib.request.Request(live_app.base_url + CLIENT + "/login", data=json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return Person(live_app.base_url, json.loads(answer.read())["access_token"])


@pytest.fixture(scope="session")
def sql(door):
    """Asks the database. Returns rows as lists of text."""

    def ask(statement):
        quoted = statement.replace("'", "'\\''")
        said = door.exec("db", "psql --no-align --tuples-only --field-separator='|' -U synapse synapse -c '%s'" % quoted)
        return [line.split("|") for line in said.splitlines() if line != ""]

    return ask
