"""`calsight new-connector`: the beginning of a plugin, which builds, installs and passes its tests as it is."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import rmtree
from string import Template

import click

from calsight.cli.common import VERBOSE
from calsight.cli.files import writing
from calsight.errors import UsageError

_SKELETON = Path(__file__).with_name("skeleton")
_NAME = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")


@click.command("new-connector", short_help="Begin a connector of your own: a package that builds and passes its tests.")
@click.argument("name", metavar="NAME")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where; calsight-NAME in this folder if not given.",
)
@VERBOSE
def command(name: str, into: Path | None) -> None:
    """Write the skeleton of a connector that people call NAME: its project, its code, its tests.

    As it is written it reads a list of meetings from a JSON file; what is to be changed is marked in it.
    """
    from calsight.reading import plugins

    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for a connector: lower-case letters, digits and hyphens, such as 'time-sheet'."
        )
    if name in {entry.name for entry in plugins.connectors()}:
        raise UsageError(
            f"There is a connector {name!r} already, and two of one name are both refused. Choose another."
        )
    folder = into or Path(f"calsight-{name}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already. Name an empty folder with --into.")
    there = folder.exists()
    try:
        written = _written(name, folder)
    except UsageError:
        rmtree(folder, ignore_errors=True)  # it was empty
        if there:
            folder.mkdir()
        raise
    for path in written:
        click.echo(f"Written: {path}", err=True)
    click.echo(f"Next:\n  cd {folder}\n  pip install -e . --group dev\n  python -m pytest\n  calsight sources")


def _written(name: str, folder: Path) -> list[Path]:
    from calsight import __version__

    module = f"calsight_{name.replace('-', '_')}"
    words = {
        "name": name,
        "module": module,
        "class_name": "".join(map(str.capitalize, name.split("-"))) + "Connector",
        "version": __version__,
    }
    targets = {
        "pyproject.toml.txt": "pyproject.toml",
        "README.md.txt": "README.md",
        "package.txt": f"{module}/__init__.py",
        "connector.py.txt": f"{module}/connector.py",
        "tests/test_connector.py.txt": "tests/test_connector.py",
    }
    written = []
    for template, target in targets.items():
        path = folder / target
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(Template((_SKELETON / template).read_text("utf-8")).substitute(words), "utf-8")
        written.append(path)
    mark = folder / module / "py.typed"
    with writing(mark):
        mark.touch()
    return written
