"""Tries the first screen of the README as somebody would who has just met calsight: `make readme`.

    python .ci/readme.py [--distributions dist] [--tests]

A user without rights (`nobody`, where this is run as root), an empty home, no git, no compiler, no variable of ours but those
that say where packages come from. `uvx` takes the wheel from `dist`, which stands for PyPI until calsight is there; `make` runs
in the files of the last commit, unpacked. `make test` is tried with `--tests`, since it takes minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from package import ROOT, committed

from calsight.demo import invent

#: What this machine has for developers, and a new user's does not.
NOT_THERE = re.compile(r"git|g?cc|[cg]\+\+|clang|python|pip|uv|chrom|node|np[mx]")
#: Variables that say where packages come from and whom to trust for it.
PLACES = re.compile(r"(PIP|UV)_(?!CACHE)|SSL_CERT|(HTTPS?|NO)_PROXY|(https?|no)_proxy")


PYTHON = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")


def somebody() -> dict[str, Any]:
    """Who runs the commands: nobody, where we may choose and nobody may run this Python; else whoever runs this."""
    nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    if os.geteuid() != 0:
        return {}
    try:
        subprocess.run([PYTHON, "-c", ""], check=True, cwd="/", **nobody)
    except OSError:
        print(f"nobody may not run {PYTHON.name} where it is: tried as {Path.home().name}")
        return {}
    return nobody


def first_screen() -> list[list[str]]:
    """The commands of the README before its second heading but one."""
    text = (ROOT / "README.md").read_text("utf-8").partition("## Your own calendar")[0]
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [shlex.split(line[2:]) for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def bare(scratch: Path, distributions: Path) -> dict[str, str]:
    """The environment of a new user, whose PATH holds what every machine has, Python and `uvx`."""
    tools, home = scratch / "bin", scratch / "home"
    tools.mkdir()
    home.mkdir()
    for program in Path("/usr/bin").iterdir():
        if not NOT_THERE.match(program.name):
            (tools / program.name).symlink_to(program)
    (tools / "python3").symlink_to(PYTHON)
    for name in ("uv", "uvx"):
        shutil.copy2(Path(sys.executable).parent / name, tools / name)
    places = {name: value for name, value in os.environ.items() if PLACES.match(name)}
    return places | {
        "HOME": str(home),
        "PATH": str(tools),
        "LANG": "C.UTF-8",
        "UV_FIND_LINKS": str(distributions),
        "UV_PYTHON_DOWNLOADS": "never",
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--distributions", type=Path, default=ROOT / "dist")
    arguments.add_argument("--tests", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="calsight-readme-") as folder:
        scratch = Path(folder)
        scratch.chmod(0o755)
        wheels = scratch / "wheels"
        shutil.copytree(given.distributions, wheels)
        environ = bare(scratch, wheels)
        clone = committed(scratch / "clone")
        (scratch / "home/work.ics").write_bytes(calendar())
        user = somebody()
        if user:
            for path in (scratch / "home", clone, *clone.rglob("*"), scratch / "home/work.ics"):
                shutil.chown(path, "nobody", "nogroup")
        for words in first_screen():
            if words == ["make", "test"] and not given.tests:
                print("make test: not tried; say --tests")
                continue
            where = clone if words[0] == "make" else scratch / "home"
            done = subprocess.run(words, cwd=where, env=environ, capture_output=True, text=True, check=False, **user)
            if done.returncode:
                sys.exit(f"{shlex.join(words)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
            print(f"{shlex.join(words)}: well, {len(done.stdout.splitlines())} lines")


def calendar() -> bytes:
    """Somebody's export: one of the invented calendars, as it is today."""
    return invent("much_time_high_interest", as_of=datetime.now(UTC)).ics


if __name__ == "__main__":
    main()
