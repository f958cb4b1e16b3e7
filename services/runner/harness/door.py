"""The door: exec, logs and files in the services of the app under test, and of nothing else."""

import base64
import http.client
import json
import os
import socket
import sys
import urllib.parse


class DoorError(Exception):
    """The door did not do what it was asked for."""


class _Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(os.environ.get("CCCI_DOOR", "/door/door"))


def _ask(method, path, body=None):
    connection = _Connection("door")
    try:
        headers = {"content-type": "application/json"} if body is not None else {}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        said = json.loads(answer.read() or b"{}")
    finally:
        connection.close()
    if answer.status != 200:
        raise DoorError(said.get("error", "the door said %d" % answer.status))
    return said


def exec(service, command, check=True):
    """Runs a shell command in a service. Returns what it said; raises DoorError where it fails, unless check is False."""
    said = _ask("POST", "/exec", {"service": service, "command": command})
    if check and said["exitCode"] != 0:
        raise DoorError("`%s` in %s ended with %d: %s" % (command, service, said["exitCode"], said["output"]))
    return said["output"]


def logs(service, lines=200):
    """The last lines of a service's log."""
    return _ask("GET", "/logs?" + urllib.parse.urlencode({"service": service, "lines": lines}))["output"]


def put(service, path, content):
    """Writes a file (bytes or str) in a service."""
    raw = content.encode() if isinstance(content, str) else content
    _ask("POST", "/put", {"service": service, "path": path, "content": base64.b64encode(raw).decode()})


def get(service, path):
    """The bytes of a file in a service."""
    said = _ask("GET", "/get?" + urllib.parse.urlencode({"service": service, "path": path}))
    return base64.b64decode(said["content"])


def _main(words):
    usage = "usage: door exec <service> <command> | logs <service> [<lines>] | put <service> <path> < file | get <service> <path>"
    try:
        if len(words) == 3 and words[0] == "exec":
            said = _ask("POST", "/exec", {"service": words[1], "command": words[2]})
            print(said["output"])
            return said["exitCode"]
        if len(words) in (2, 3) and words[0] == "logs":
            print(logs(words[1], *words[2:]))
        elif len(words) == 3 and words[0] == "put":
            put(words[1], words[2], sys.stdin.buffer.read())
        elif len(words) == 3 and words[0] == "get":
            sys.stdout.buffer.write(get(words[1], words[2]))
        else:
            print(usage, file=sys.stderr)
            return 2
        return 0
    except DoorError as error:
        print("door: %s" % error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
