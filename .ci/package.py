"""Builds what is published, and tries it as a stranger would.

    python .ci/package.py [--into dist] [--python python3.12 python3.13 …] [--licences]

From the files of the last commit alone: a source distribution and a wheel, twice, in folders of other names; they must be the
same to the byte. Their metadata is checked as PyPI checks it (twine). Then the wheel, with all that it may bring, is installed
for each Python into an environment far from here, and `calsight demo` runs there with an empty home, no git and no variable of
ours. What the first of these environments holds is written down as a CycloneDX bill of materials beside the distributions,
and, with `--licences`, into docs/licences.md.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/licences.md"


def run(*words: str | Path, **options: Any) -> str:
    """What a command says; where it fails, what it said ends the program."""
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done.stdout


def committed(folder: Path) -> Path:
    """The files of the last commit, in `folder`."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", "HEAD"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")
    return folder


def built(source: Path, into: Path) -> dict[str, Path]:
    """The distributions of that source, by name."""
    moment = run("git", "log", "-1", "--format=%ct", cwd=ROOT).strip()
    environ = os.environ | {"SOURCE_DATE_EPOCH": moment}
    run(sys.executable, "-m", "uv", "build", "--quiet", "--out-dir", into, cwd=source, env=environ)
    return {path.name: path for path in sorted(into.iterdir()) if not path.name.startswith(".")}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def reproduced(scratch: Path) -> dict[str, Path]:
    """The distributions, built twice and found equal."""
    first, again = (built(committed(scratch / name), scratch / f"{name}-built") for name in ("one", "another"))
    for name, path in first.items():
        if digest(path) != digest(again[name]):
            sys.exit(f"{name} is not reproducible: built twice it differs.")
        print(f"{digest(path)}  {name}")
    return first


def installed(wheel: Path, python: str, folder: Path) -> Path:
    """An environment of its own, with the wheel and all its extras."""
    run(python, "-m", "venv", folder)
    run(
        folder / "bin/python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        f"{wheel}[all]",
        cwd=folder,
    )
    return folder


def tried(environment: Path, scratch: Path) -> str:
    """What the command says to a stranger: an empty home, no git, none of our variables."""
    home = Path(tempfile.mkdtemp(dir=scratch))
    bare = {"HOME": str(home), "PATH": str(environment / "bin"), "LANG": "C.UTF-8", "PYTHONWARNINGS": "error"}
    said = [
        run(environment / "bin/calsight", *words, cwd=home, env=bare)
        for words in (["--version"], ["demo"], ["sources"])
    ]
    if "AT RISK" not in said[1].upper():
        sys.exit(f"calsight demo says nothing of a risk:\n{said[1]}")
    return said[0].strip()


def bill(environment: Path, into: Path) -> dict[str, Any]:
    """The bill of materials of an environment, written to `into`."""
    run(
        *(sys.executable, "-m", "cyclonedx_py", "environment", environment / "bin/python"),
        *(
            "--pyproject",
            ROOT / "pyproject.toml",
            "--output-reproducible",
            "--spec-version",
            "1.6",
            "--output-file",
            into,
        ),
    )
    found: dict[str, Any] = json.loads(into.read_text("utf-8"))
    return found


def licences(found: dict[str, Any], environment: Path) -> Iterator[str]:
    """A line for each package that calsight may bring, with its licence as it states it."""
    yield from ("| package | licence |", "| --- | --- |")
    for part in sorted(found["components"], key=lambda part: part["name"].lower()):
        if part["name"] not in ("pip", "setuptools", "calsight"):
            yield f"| {part['name']} | {stated(part, environment)} |"


def stated(part: dict[str, Any], environment: Path) -> str:
    """A package's licence: its expression, the identifiers of its classifiers, or what it writes instead."""
    entries = part.get("licenses", [])
    expressions = [entry["expression"] for entry in entries if "expression" in entry]
    identifiers = [entry["license"]["id"] for entry in entries if "id" in entry.get("license", {})]
    names = [entry["license"].get("name", "").rpartition(":: ")[2] for entry in entries if "license" in entry]
    short = [name for name in names if name and len(name) < 80]
    asked = f"from importlib.metadata import metadata; print(metadata({part['name']!r}).get('License') or '')"
    written = run(environment / "bin/python", "-c", asked).partition("\n")[0]
    return ", ".join(dict.fromkeys(expressions or identifiers or short or [written or "see the package"]))


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--into", type=Path, default=ROOT / "dist")
    arguments.add_argument("--python", nargs="+", default=[sys.executable])
    arguments.add_argument("--licences", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="calsight-") as folder:
        scratch = Path(folder)
        found = reproduced(scratch)
        run(sys.executable, "-m", "twine", "check", "--strict", *found.values())
        wheel = next(path for name, path in found.items() if name.endswith(".whl"))
        environments = [
            installed(wheel, python, scratch / f"python-{number}") for number, python in enumerate(given.python)
        ]
        for python, environment in zip(given.python, environments, strict=True):
            print(f"{python}: {tried(environment, scratch)}")
        given.into.mkdir(parents=True, exist_ok=True)
        for path in found.values():
            shutil.copy2(path, given.into)
        parts = bill(environments[0], given.into / f"{wheel.name.removesuffix('.whl').partition('-py')[0]}.cdx.json")
        if given.licences:
            before, _, _ = PAGE.read_text("utf-8").partition("<!-- generated -->")
            PAGE.write_text(
                f"{before}<!-- generated -->\n\n" + "\n".join(licences(parts, environments[0])) + "\n", "utf-8"
            )


if __name__ == "__main__":
    main()
