"""Google's and Microsoft's sign-in as others wrote it: the emulator of vercel-labs (https://emulate.dev), on Node.

`make emulator` installs it into the virtual environment (make test and make check do so by themselves). Test modules that
import this one are skipped where it is not.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

EMULATOR = Path(sys.prefix) / "emulate/node_modules/emulate/dist/index.js"
NODE = shutil.which("node")
if NODE is None:
    pytest.skip("the emulator needs Node, which is not here", allow_module_level=True)
if not EMULATOR.exists():
    pytest.skip("the emulator is not installed: make emulator", allow_module_level=True)


@contextmanager
def emulated(service: str, seed: Mapping[str, Any], folder: Path, port: int, *options: str) -> Iterator[None]:
    """The emulator runs on that port and knows the people of the seed, which is written to the folder."""
    path = folder / "seed.json"
    path.write_text(json.dumps({service: seed}))
    command = [NODE, EMULATOR, "start", "--service", service, "--port", str(port), "--seed", path, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # type: ignore[call-overload]
        for line in process.stdout:
            if "Config:" in line:  # the last that it says once it listens
                break
        else:
            pytest.fail("the emulator did not start")
        yield
        process.terminate()
        process.stdout.close()


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((found["action"], {}))
        elif tag == "input" and self.forms:
            self.forms[-1][1][found["name"]] = found.get("value", "")


def forms(page: str) -> list[tuple[str, dict[str, str]]]:
    """Where each form of a page leads, and what its fields hold."""
    parser = _Forms()
    parser.feed(page)
    return parser.forms


def form_of(address: str, page: str) -> tuple[str, dict[str, str]]:
    """The form of that person, on the page where one chooses an account."""
    return next(form for form in forms(page) if form[1]["email"] == address)
