"""What tests of recipes find in pytest: the app, what is known of the run, the door, and the marks `extra` and `requires_deps`."""

import json
import os
import ssl
import types
import urllib.error
import urllib.request

import door as door_module
import pytest

WANTED = os.environ.get("CCCI_TESTS", "usual")


def _context():
    with open(os.environ["CCCI_CONTEXT"]) as file:
        return json.load(file)


class LiveApp(str):
    """The domain of the app under test, as text; with its address, and a way to ask it."""

    base_url = ""

    def get(self, path="/", timeout=30):
        """Asks for a page through the proxy. Returns status, headers and text; does not raise for a status of 400 or more."""
        url = self.base_url + path
        trust = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE"))
        try:
            answer = urllib.request.urlopen(url, timeout=timeout, context=trust)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            text = answer.read().decode("utf-8", "replace")
            return types.SimpleNamespace(status=answer.status, headers=answer.headers, text=text)


@pytest.fixture(scope="session")
def live_app():
    app = LiveApp(os.environ["CCCI_DOMAIN"])
    app.base_url = os.environ["CCCI_BASE_URL"]
    return app


@pytest.fixture(scope="session")
def meta():
    """Recipe, version and commit of the run."""
    return types.SimpleNamespace(**_context()["meta"])


@pytest.fixture(scope="session")
def op_state():
    """What was done before: the version that was upgraded from, whether data was restored. Skips where nothing was."""
    state = _context()["op_state"]
    if not state:
        pytest.skip("nothing was upgraded or restored before")
    return types.SimpleNamespace(**state)


@pytest.fixture(scope="session")
def deps():
    """The recipes that were deployed for this one, by name."""
    found = _context()["deps"]
    return types.SimpleNamespace(**{name: types.SimpleNamespace(**facts) for name, facts in found.items()})


@pytest.fixture(scope="session")
def door():
    return door_module


def pytest_configure(config):
    config.addinivalue_line("markers", "extra: a heavy test, which runs only when it is asked for")
    config.addinivalue_line("markers", "requires_deps(*names): a test that needs other recipes beside this one")


def _is_extra(item):
    parts = os.path.relpath(str(item.fspath), str(item.config.rootpath)).split(os.sep)
    return "extra" in parts[:-1] or ".extra." in parts[-1] or item.get_closest_marker("extra") is not None


def pytest_collection_modifyitems(config, items):
    deps = _context()["deps"]
    for item in items:
        mark = item.get_closest_marker("requires_deps")
        missing = [] if mark is None else [name for name in mark.args if name not in deps]
        if mark is not None and (missing or not mark.args and not deps):
            names = ", ".join(missing) or "other recipes"
            item.add_marker(pytest.mark.skip(reason="it needs %s, which this run has not" % names))
    wanted = [item for item in items if _is_extra(item) == (WANTED == "extra")]
    others = [item for item in items if item not in wanted]
    config.hook.pytest_deselected(items=others)
    items[:] = wanted
