"""Calls a function of `ops.py` or `hooks.py`: `python3 -m ccci_hooks <file> <function> <seconds>`.

The function gets one argument with domain, base_url, meta, deps, op and door. Without seconds (0) whatever it returns is well but
False; with seconds it is called until it returns something true.
"""

import dataclasses
import importlib.util
import json
import os
import sys
import time
import traceback
import types

import door

PAUSE_SECONDS = 2


@dataclasses.dataclass(frozen=True)
class HookCtx:
    """What a hook is told: where the app is, what is tested, and for which step it is called."""

    domain: str
    base_url: str
    meta: types.SimpleNamespace
    deps: dict
    op: str
    door: types.ModuleType = door


def _function(file, name):
    spec = importlib.util.spec_from_file_location("recipe_" + file.replace(".", "_"), os.path.join("/tests", file))
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, "/tests")
    spec.loader.exec_module(module)
    return getattr(module, name)


def _context(name):
    with open(os.environ["CCCI_CONTEXT"]) as file:
        said = json.load(file)
    return HookCtx(
        domain=os.environ["CCCI_DOMAIN"],
        base_url=os.environ["CCCI_BASE_URL"],
        meta=types.SimpleNamespace(**said["meta"]),
        deps=said["deps"],
        op=name.removeprefix("pre_"),
    )


def _main(file, name, seconds):
    function, context = _function(file, name), _context(name)
    if seconds == 0:
        if function(context) is False:
            print("%s returned False" % name)
            return 1
        return 0
    end = time.monotonic() + seconds
    while True:
        try:
            result = function(context)
            trouble = "%s returned %r" % (name, result)
            if result:
                return 0
        except Exception:
            trouble = traceback.format_exc(limit=-1)
        if time.monotonic() >= end:
            print("%s after %d s" % (trouble.strip(), seconds))
            return 1
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
