"""What hatchling runs for a wheel: each translation compiled, which is quicker to read. A checkout reads the sources."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledLanguages(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `calsight.mo` beside each `calsight.po`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before the wheel is made; an editable installation has the sources, and would keep a compiled file that is old."""
        if version != "standard":
            return
        made, root = Path(mkdtemp(prefix="calsight-")), Path(self.root)
        for source in root.glob("calsight/render/locale/*/LC_MESSAGES/calsight.po"):
            compiled = made / f"{source.parts[-3]}.mo"
            with source.open("rb") as text, compiled.open("wb") as file:
                write_mo(file, read_po(text))
            build_data["force_include"][str(compiled)] = str(source.with_suffix(".mo").relative_to(root))
