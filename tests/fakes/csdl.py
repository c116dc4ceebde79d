"""Checks JSON against a CSDL (OData 4.01): what Microsoft publishes of Graph.

    known().check([...], "Collection(graph.event)")

`known` are the names and types of `graph_types.toml`, which every clone has; `published` is Microsoft's own document, where
../shared has it.

Stricter than OData where that finds slips: open types are closed, and an annotation must be one that Graph is known to give.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

PAYLOADS = Path(__file__).resolve().parents[2] / "../shared/payloads"
PUBLISHED = PAYLOADS / "contracts/graph-v1.0.cleanMetadata.xml"
ABSENT = "../shared/payloads is absent: Microsoft's published CSDL and documented payloads are there"

_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
_ANNOTATIONS = frozenset(
    {
        "@odata.context",
        "@odata.etag",
        "@odata.id",
        "@odata.type",
        "@odata.nextLink",
        "@odata.deltaLink",
        "@removed",
    }
)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class NotConformingError(AssertionError):
    """A value that Graph could not give."""


def _parses(parse: Callable[[str], object]) -> Callable[[Any], bool]:
    def fits(value: Any) -> bool:
        try:
            return isinstance(value, str) and bool(parse(value) is not None)
        except ValueError:
            return False

    return fits


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_PRIMITIVE: dict[str, Callable[[Any], bool]] = {
    "Edm.String": lambda value: isinstance(value, str),
    "Edm.Boolean": lambda value: isinstance(value, bool),
    "Edm.Int32": _whole,
    "Edm.Int64": _whole,
    "Edm.Double": lambda value: isinstance(value, float) or _whole(value),
    "Edm.Guid": lambda value: isinstance(value, str) and bool(_GUID.fullmatch(value)),
    "Edm.DateTimeOffset": _parses(lambda text: datetime.fromisoformat(text).tzinfo),
    "Edm.Date": _parses(date.fromisoformat),
    "Edm.TimeOfDay": _parses(time.fromisoformat),
}


@dataclass(frozen=True)
class Kind:
    """An entity or complex type with its own properties (their types, and whether they may be null), or an enumeration."""

    base: str = ""
    properties: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Csdl:
    """Types by name, without namespace."""

    types: Mapping[str, Kind]

    def properties(self, name: str) -> dict[str, tuple[str, bool]]:
        """The properties of an entity or complex type, inherited ones too: their types, and whether they may be null."""
        kind = self.types[name]
        return {**(self.properties(kind.base) if kind.base else {}), **kind.properties}

    def check(self, value: Any, kind: str, where: str = "") -> None:
        """Raises `NotConformingError` unless `value` is a `kind` ("graph.event", "Collection(graph.event)", "Edm.String")."""
        if kind.startswith("Collection("):
            if not isinstance(value, list):
                raise NotConformingError(f"{where} is no list")
            for index, one in enumerate(value):
                self.check(one, kind[11:-1], f"{where}[{index}]")
            return
        if kind in _PRIMITIVE:
            if not _PRIMITIVE[kind](value):
                raise NotConformingError(f"{where} is no {kind}: {value!r}")
            return
        name = kind.rpartition(".")[2]
        members = self.types[name].members
        if members:
            if value not in members:
                raise NotConformingError(f"{where} is none of {sorted(members)}: {value!r}")
            return
        if not isinstance(value, dict):
            raise NotConformingError(f"{where} is no {name}: {value!r}")
        known = self.properties(str(value.get("@odata.type", name)).rpartition(".")[2])
        for key, part in value.items():
            if "@" in key:
                if key not in _ANNOTATIONS:
                    raise NotConformingError(f"{where}.{key} is not known")
            elif key not in known:
                raise NotConformingError(f"{where}.{key} is no property of {name}")
            elif part is None:
                if not known[key][1]:
                    raise NotConformingError(f"{where}.{key} is null")
            else:
                self.check(part, known[key][0], f"{where}.{key}")

    def check_page(self, answer: Mapping[str, Any], kind: str) -> None:
        """A whole answer that holds a collection."""
        for key in answer:
            if key != "value" and key not in _ANNOTATIONS:
                raise NotConformingError(f"{key} is not known on a page")
        self.check(answer["value"], f"Collection({kind})", "value")


@cache
def known() -> Csdl:
    """Names and types of what calsight meets."""
    table = tomllib.loads((Path(__file__).parent / "graph_types.toml").read_text(encoding="utf-8"))
    return Csdl(
        {
            name: Kind(
                kind.get("base", ""),
                {
                    each: (told.removesuffix("?"), told.endswith("?"))
                    for each, told in kind.get("properties", {}).items()
                },
                tuple(kind.get("members", ())),
            )
            for name, kind in table.items()
        }
    )


@cache
def published() -> Csdl | None:
    """Microsoft's own document; None where it is absent."""
    if not PUBLISHED.exists():
        return None
    nodes = ET.parse(PUBLISHED).getroot().iter(f"{_EDM}Schema")
    schema = next(node for node in nodes if node.get("Namespace") == "microsoft.graph")
    return Csdl({node.attrib["Name"]: _kind(node) for node in schema if node.tag in _KINDS})


_KINDS = {f"{_EDM}{name}" for name in ("EntityType", "ComplexType", "EnumType")}


def _kind(node: ET.Element) -> Kind:
    if node.tag == f"{_EDM}EnumType":
        return Kind(members=tuple(member.attrib["Name"] for member in node))
    properties = {
        child.attrib["Name"]: (child.attrib["Type"], child.get("Nullable") != "false")
        for child in node
        if child.tag in (f"{_EDM}Property", f"{_EDM}NavigationProperty")
    }
    return Kind((node.get("BaseType") or "").rpartition(".")[2], properties)
