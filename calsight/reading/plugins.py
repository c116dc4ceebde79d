"""The registry of plugins: what is installed, listed without importing it, and loaded by name.

A plugin comes through an entry point of the group `calsight.connectors`, `calsight.rules` or `calsight.renderers`; those that
ship with calsight come through the same door. Whatever goes wrong with one plugin is said with its distribution and the
cause, and takes no other down; a name that two distributions claim belongs to neither.

Nothing is remembered between calls: what is installed is asked of `importlib.metadata` each time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.metadata import Distribution, EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from calsight.core.model.events import Problem
from calsight.errors import (
    AccessError,
    CalsightError,
    ConnectorUnknownError,
    MissingExtraError,
    PluginError,
    RendererUnknownError,
    out_of_memory,
)
from calsight.kit.secrets import without_secrets
from calsight.reading.guests import PATIENCE, RendererGuest, TooLongError, connector_guest, guest, hushed, within

if TYPE_CHECKING:
    from calsight.protocols import Connector, ConnectorContext, MeetingRule, Renderer

CONNECTORS = "calsight.connectors"
#: The distribution whose plugins are no guests.
OWN = "calsight"
RULES = "calsight.rules"
RENDERERS = "calsight.renderers"


class PluginEntry(NamedTuple):
    """One plugin as its distribution announces it; its code is not imported.

    name            what users call it
    value           where it lives: "package.module:Object"
    distribution    name of the distribution that brings it
    version         that distribution's version
    rivals          further distributions that claim the same name; where there are any, the name is refused
    """

    name: str
    value: str
    distribution: str
    version: str
    rivals: tuple[str, ...] = ()


class LoadedRule(NamedTuple):
    """A rule that is installed: either `rule` is there, or `problem` says why not."""

    entry: PluginEntry
    rule: MeetingRule | None = None
    problem: Problem | None = None


def connectors() -> list[PluginEntry]:
    """All connectors that are installed, by name; two claimants to one name are both listed, each with its `rivals`."""
    return [entry for entry, _ in _installed(CONNECTORS)]


def load_connector(name: str) -> type[Connector]:
    """The class of the connector `name`.

    Raises `ConnectorUnknownError`, `MissingExtraError` or `PluginError`.
    """
    return cast("type[Connector]", _connector(name).loaded)


def make_connector(name: str, context: ConnectorContext) -> Connector:
    """The connector `name`, ready to use; a stranger's is a guest (`calsight.reading.guests`).

    Raises as `load_connector`, `AccessError` where access is limited and it does not keep to that, `PluginFailedError`.
    """
    plugin = _connector(name)
    kind, entry = cast("type[Connector]", plugin.loaded), plugin.entry
    if context.access.limited and not getattr(kind, "confined", False):
        raise AccessError(
            f"The connector {name!r} does not say that it keeps within [sources] network and folders: it is not used."
        )
    if entry.distribution == OWN:
        return kind(context)
    who = f"The connector {named(entry)}"
    with guest(who):
        made = kind(context)
    return connector_guest(made, who)


def load_renderer(name: str) -> Renderer:
    """The renderer `name`. Raises `RendererUnknownError`, `MissingExtraError` or `PluginError`."""
    plugin = _load("renderer", name, RENDERERS)
    made = cast("Renderer", _made("Renderer", plugin))
    return made if plugin.entry.distribution == OWN else RendererGuest(made, f"The renderer {named(plugin.entry)}")


def rules() -> list[LoadedRule]:
    """All rules that are installed, loaded, in the order of their names. A rule that fails is a `Problem` (`plugin_failed`)."""
    return [_rule(entry, point) for entry, point in _installed(RULES)]


class _Plugin(NamedTuple):
    """A plugin whose module is imported: what its entry point names."""

    entry: PluginEntry
    loaded: Any


def _installed(group: str) -> list[tuple[PluginEntry, EntryPoint]]:
    announced = entry_points(group=group)
    owners = {point.dist: _named(point.dist) for point in announced}
    points = {(point.name, point.value, *owners[point.dist]): point for point in announced}
    found = []
    for (name, value, distribution, version), point in sorted(points.items(), key=lambda item: item[0]):
        rivals = tuple(sorted(key[2] for key in points if key[0] == name and key[1:3] != (value, distribution)))
        found.append((PluginEntry(name, value, distribution, version, rivals), point))
    return found


def _named(distribution: Distribution | None) -> tuple[str, str]:
    """Name and version of a distribution, "" for what its metadata lacks (a half-removed installation)."""
    try:
        metadata = distribution.metadata if distribution is not None else None
    except FileNotFoundError:  # what newer versions of importlib.metadata raise in place of giving None
        return "", ""
    if metadata is None:
        return "", ""
    name, version = ((metadata.get_all(key) or [""])[0] for key in ("Name", "Version"))
    return name, version


def _load(noun: str, name: str, group: str) -> _Plugin:
    installed = _installed(group)
    claims = [(entry, point) for entry, point in installed if entry.name == name]
    if not claims:
        unknown = RendererUnknownError if group == RENDERERS else ConnectorUnknownError
        raise unknown(_unknown(noun, name, {entry.name for entry, _ in installed}))
    entry, point = claims[0]
    if entry.rivals:
        raise PluginError(_contested(noun.capitalize(), entry))
    return _Plugin(entry, _imported(noun.capitalize(), entry, point))


def _connector(name: str) -> _Plugin:
    plugin = _load("connector", name, CONNECTORS)
    missing = [method for method in ("calendars", "fetch") if not callable(getattr(plugin.loaded, method, None))]
    if not isinstance(plugin.loaded, type) or missing:
        lack = f"it has no {' and no '.join(missing)}" if missing else "it is not a class"
        raise PluginError(f"{_blame('Connector', plugin.entry)} is not a connector: {lack}.")
    return plugin


def _rule(entry: PluginEntry, point: EntryPoint) -> LoadedRule:
    try:
        if entry.rivals:
            raise PluginError(_contested("Rule", entry))
        rule = _made("Rule", _Plugin(entry, _imported("Rule", entry, point)))
    except CalsightError as error:
        return LoadedRule(entry, problem=Problem("plugin_failed", str(error), source=entry.distribution))
    return LoadedRule(entry, rule=cast("MeetingRule", rule))


def _imported(noun: str, entry: PluginEntry, point: EntryPoint) -> Any:
    try:
        with hushed(), within(PATIENCE):
            return point.load()
    except ModuleNotFoundError as error:
        if _is_third_party(error.name, entry) and _has_extra(point, entry.name):
            command = f"pip install '{entry.distribution}[{entry.name}]'"
            raise MissingExtraError(f"{noun} {entry.name!r} needs: {command}") from error
        raise PluginError(_failed(noun, entry, error)) from error
    except (Exception, SystemExit, TooLongError) as error:  # a stranger's module may do anything while it is imported
        if out_of_memory(error):
            raise MemoryError from error
        raise PluginError(_failed(noun, entry, error)) from error


def _made(noun: str, plugin: _Plugin) -> Any:
    """The plugin itself; a class is called without arguments first."""
    made = plugin.loaded
    if isinstance(made, type):
        try:
            with hushed(), within(PATIENCE):
                made = made()
        except (Exception, SystemExit, TooLongError) as error:  # as above
            raise PluginError(_failed(noun, plugin.entry, error)) from error
    if not callable(made):
        raise PluginError(f"{_blame(noun, plugin.entry)} cannot be called.")
    return made


def _is_third_party(module: str | None, entry: PluginEntry) -> bool:
    """Whether a missing module belongs to neither calsight, the plugin itself nor Python."""
    top = (module or "").partition(".")[0]
    own = entry.value.partition(":")[0].partition(".")[0]
    return bool(top) and top not in {"calsight", own} and top not in sys.stdlib_module_names


def _has_extra(point: EntryPoint, extra: str) -> bool:
    metadata = point.dist.metadata if point.dist is not None else None
    declared: Iterable[str] = (metadata.get_all("Provides-Extra") or ()) if metadata is not None else ()
    return _normal(extra) in {_normal(name) for name in declared}


def _normal(name: str) -> str:
    """A name as packaging compares names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _unknown(noun: str, name: str, installed: set[str]) -> str:
    near = get_close_matches(name, installed, n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return (
        f"No {noun} {without_secrets(name)!r} is installed.{meant} Installed: {', '.join(sorted(installed)) or 'none'}."
    )


def _contested(noun: str, entry: PluginEntry) -> str:
    who = sorted({entry.distribution, *entry.rivals})
    if len(who) == 1:
        return f"{noun} {entry.name!r} is announced twice by {who[0]}: ask its authors to mend that."
    return f"{noun} {entry.name!r} is claimed by {' and '.join(who)}: uninstall all but one of them."


def _failed(noun: str, entry: PluginEntry, error: BaseException) -> str:
    return f"{_blame(noun, entry)} cannot be loaded: {type(error).__name__}: {error}"


def _blame(noun: str, entry: PluginEntry) -> str:
    return f"{noun} {named(entry)}"


def named(entry: PluginEntry) -> str:
    """A plugin by its name, distribution and version."""
    return f"{entry.name!r} of {entry.distribution or 'an unnamed distribution'} {entry.version}".rstrip()
