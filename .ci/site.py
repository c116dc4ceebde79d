"""Builds the documentation as a site: `make docs`. What the pages are stays in docs; nothing here is written by hand.

    python .ci/site.py [--into build/site]

The pages of docs, and the files of the repository that a reader looks for (README, changelog, contributing, security), become
one tree in which every link leads somewhere (Zensical ends at one that does not); examples are shown as they are. A page of
reference is made of the docstrings of each public name.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import calsight

ROOT = Path(__file__).resolve().parents[1]
#: Files beside docs that are pages of the site, and what they are called there.
BESIDE = {
    "README.md": "readme.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CODE_OF_CONDUCT.md": "conduct.md",
    "LICENSE": "licence.md",
}
NAVIGATION = {
    "Start here": ["readme.md", "start.md", "index.md", "ics.md", "google.md", "outlook.md", "caldav.md", "screens.md"],
    "What it says": ["meaning.md", "scoring.md", "limits.md", "relationships.md", "report.md"],
    "Reference": ["commands.md", "settings.md", "api.md", "reference.md", "changelog.md"],
    "Inside other programs": ["embedding.md", "serve.md", "mcp.md", "write-a-connector.md", "examples.md"],
    "For organisations": [
        "organisation.md",
        "organisation-method.md",
        "organisation-scale.md",
        "administrators.md",
        "privacy.md",
        "security.md",
        "licences.md",
        "licence.md",
    ],
    "For contributors": ["contributing.md", "conduct.md", "architecture.md", "testing.md", "decisions"],
}
CONFIGURATION = """\
site_name: calsight
site_description: Reads calendars and tells people whom they really meet one-to-one.
docs_dir: pages
site_dir: site
use_directory_urls: false
strict: true
theme:
  name: material
  language: en
  font: false
  features: [navigation.tabs, navigation.top, content.code.copy, search.suggest, toc.follow]
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      toggle: {{icon: material/weather-night, name: Dark}}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      toggle: {{icon: material/weather-sunny, name: Light}}
plugins:
  - search
  - mkdocstrings:
      handlers:
        python:
          paths: [{root}]
          options:
            show_root_heading: true
            show_root_full_path: false
            show_source: false
            show_bases: false
            show_signature_annotations: true
            separate_signature: true
            members_order: source
            filters: ["!^_"]
            extensions: [{root}/.ci/docstrings.py]
markdown_extensions:
  - admonition
  - toc: {{permalink: true}}
  - tables
  - pymdownx.highlight
  - pymdownx.superfences
validation:
  links: {{anchors: warn, absolute_links: warn, unrecognized_links: warn}}
nav:
{navigation}
"""


def moved(text: str, page: Path) -> str:
    """A page's links, where it stands in the site now. `page` is where it stands in the repository."""

    def lead(found: re.Match[str]) -> str:
        words, target, anchor = found.groups()
        if re.match(r"[a-z]+:", target):
            return found[0]
        path = Path(os.path.normpath(page.parent / target))
        name = path.as_posix()
        if name in BESIDE:
            new = BESIDE[name]
        elif name.startswith("examples"):
            new, anchor = "examples.md", ""
        elif name == "docs/decisions":
            new = "decisions/index.md"
        else:
            new = Path(name).relative_to("docs").as_posix()
        deeper = "../" if page.as_posix().startswith("docs/decisions/") else ""
        return f"[{words}]({deeper}{new}{anchor or ''})"

    return re.sub(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)#\s]+)(#[^)\s]*)?\)", lead, text)


def listed(text: str) -> str:
    """Lists begin after an empty line in this Markdown; elsewhere they need none."""
    return re.sub(r"^(?!\s*(?:[-*]|\d+\.) )(\S.*)\n((?:[-*]|\d+\.) )", r"\1\n\n\2", text, flags=re.MULTILINE)


def prepared(into: Path) -> None:
    """All pages, in a folder."""
    for path in sorted((ROOT / "docs").rglob("*")):
        place = path.relative_to(ROOT / "docs")
        if path.suffix in (".png", ".svg"):
            (into / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, into / place)
        elif path.suffix == ".md":
            (into / place).parent.mkdir(parents=True, exist_ok=True)
            (into / place).write_text(listed(moved(path.read_text("utf-8"), path.relative_to(ROOT))), "utf-8")
    for name, new in BESIDE.items():
        text = (ROOT / name).read_text("utf-8")
        text = f"# Licence\n\n```text\n{text}```\n" if name == "LICENSE" else moved(text, Path(name))
        (into / new).write_text(listed(text), "utf-8")
    public = [name for name in calsight.__all__ if name != "__version__"]
    blocks = [f"::: {getattr(calsight, name).__module__}.{name}\n" for name in public]
    (into / "reference.md").write_text("\n".join(["# Reference\n", *blocks]), "utf-8")
    (into / "decisions/index.md").write_text(decisions(into / "decisions"), "utf-8")
    (into / "examples.md").write_text(examples(), "utf-8")


def decisions(folder: Path) -> str:
    lines = ["# Decisions\n", "Choices that someone may question, and why they were made.\n"]
    for path in sorted(folder.glob("*.md")):
        title = path.read_text("utf-8").partition("\n")[0].lstrip("# ")
        lines.append(f"- [{title}]({path.name})")
    return "\n".join([*lines, ""])


def examples() -> str:
    out = ["# Examples\n", "Programs on the public API, as they stand in the folder `examples`.\n"]
    for path in sorted((ROOT / "examples").rglob("*.py")):
        if "tests" not in path.parts and path.stat().st_size:
            out += [
                f"## {path.relative_to(ROOT / 'examples').as_posix()}\n",
                f"```python\n{path.read_text('utf-8')}```\n",
            ]
    return "\n".join(out)


def navigation(pages: Path) -> str:
    """What stands where. A page that no section names is an error; one that is not there yet is left out."""
    lines, named = [], set()
    for section, names in NAVIGATION.items():
        lines.append(f"  - {section}:")
        for name in names:
            if name == "decisions":
                found = sorted(
                    path.relative_to(pages).as_posix() for path in (pages / name).glob("*.md") if path.stem != "index"
                )
                lines += ["      - Decisions:", *(f"          - {each}" for each in ["decisions/index.md", *found])]
                named |= {*found, "decisions/index.md"}
            elif (pages / name).exists():
                lines.append(f"      - {name}")
                named.add(name)
    lost = {path.relative_to(pages).as_posix() for path in pages.rglob("*.md")} - named
    if lost:
        sys.exit(f".ci/site.py: no section has {', '.join(sorted(lost))}")
    return "\n".join(lines)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--into", type=Path, default=ROOT / "build/site")
    into = arguments.parse_args().into.resolve()
    with tempfile.TemporaryDirectory(prefix="calsight-docs-") as folder:
        pages = Path(folder) / "pages"
        pages.mkdir()
        prepared(pages)
        configuration = Path(folder) / "mkdocs.yml"
        text = CONFIGURATION.format(root=ROOT, navigation=navigation(pages))
        configuration.write_text(text, "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "zensical", "build", "--strict", "--clean", "--config-file", str(configuration)],
            check=False,
        )
        if done.returncode:
            sys.exit(done.returncode)
        shutil.rmtree(into, ignore_errors=True)
        shutil.copytree(Path(folder) / "site", into)
    print(f"Written: {into}/index.html")


if __name__ == "__main__":
    main()
