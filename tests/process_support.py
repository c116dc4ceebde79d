"""`calsight` as processes in a home of its own, which holds a keyring that lasts, a browser, and Microsoft's login host."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent

#: A keyring that lasts from one process to the next, as a person's does.
KEYRING = """
import json, pathlib
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

KEPT = pathlib.Path(__file__).with_name("kept.json")

class Lasting(KeyringBackend):
    priority = 5

    def _all(self):
        return json.loads(KEPT.read_text()) if KEPT.exists() else {}

    def set_password(self, service, username, password):
        KEPT.write_text(json.dumps(self._all() | {username: password}))

    def get_password(self, service, username):
        return self._all().get(username)

    def delete_password(self, service, username):
        kept = self._all()
        if kept.pop(username, None) is None:
            raise PasswordDeleteError("not there")
        KEPT.write_text(json.dumps(kept))
"""
#: A browser whose user consents at once.
BROWSER = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"
#: The login host of Microsoft's is ours, in every process.
LOGIN = """
import requests
from fakes.login import HOSTS, _Redirected

before = requests.Session.get_adapter

def get_adapter(self, url):
    return _Redirected({origin!r}) if any(url.startswith(f"https://{{host}}/") for host in HOSTS) else before(self, url)

requests.Session.get_adapter = get_adapter
"""


@dataclass
class Home:
    """A folder in which somebody lives who has never run calsight. `login` is where Microsoft's login host is, if anywhere."""

    folder: Path
    login: str = ""

    def __post_init__(self) -> None:
        (self.folder / "lasting.py").write_text(KEYRING)
        (self.folder / "visit.py").write_text(BROWSER)
        if self.login:
            (self.folder / "sitecustomize.py").write_text(LOGIN.format(origin=self.login))

    @property
    def browser(self) -> str:
        """The value of BROWSER for one whose user consents at once."""
        return f"{shlex.quote(sys.executable)} {shlex.quote(str(self.folder / 'visit.py'))} %s &"

    def environ(self, **more: str) -> dict[str, str]:
        """Its environment."""
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
        clean = {key: value for key, value in os.environ.items() if not key.startswith("CALSIGHT_")}
        return {
            **clean,
            **{name: str(self.folder / "home") for name in names},
            "PYTHON_KEYRING_BACKEND": "lasting.Lasting",
            "PYTHONPATH": os.pathsep.join([str(self.folder), str(TESTS)]),
            "DISPLAY": "",
            "BROWSER": "",
            **more,
        }

    def run(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """What `calsight` says to these words, with nobody at its input."""
        return subprocess.run(
            [sys.executable, "-m", "calsight", *words],
            cwd=self.folder,
            env=self.environ(**environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def begun(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        """The same while it runs, to be read from and written to."""
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "calsight", *words],
            cwd=self.folder,
            env=self.environ(**environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
