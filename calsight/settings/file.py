"""Settings: one frozen, typed value, read from one TOML file.

The sections and their defaults, each with its documentation, are the dataclasses of `calsight.core.model.options`. A key that
does not exist, a value of the wrong type and a value that cannot be right are a `SettingsError` with one sentence each, which
names the file, the key and, where there is one, the nearest right key.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError, model_validator

from calsight.core.model.options import Options
from calsight.errors import SettingsError
from calsight.settings.checks import faults
from calsight.settings.sections import Sections
from calsight.settings.sentences import sentences
from calsight.settings.toml_file import parsed, read_text, write_text

#: The only text under [connectors] that is ever shown; all other text there might be a secret.
_SHOWN = frozenset({"authority", "client_id", "scopes", "tenant", "username"})
_HIDDEN = "(set, not shown)"


class Settings(Sections):
    """Everything that a person may set. Frozen; what is not given has its default.

    Made from keyword arguments, or by `load_settings`; either way what is wrong is a `SettingsError`.

    Examples:
        >>> calsight.Settings(rate={"low": 0.25}).rate.low
        0.25
        >>> calsight.Settings(rate={"lowest": 0.25})
        Traceback (most recent call last):
        calsight.errors.SettingsError: rate.lowest: there is no such setting. Did you mean rate.low?
    """

    @model_validator(mode="wrap")
    @classmethod
    def _checked(cls, data: Any, handler: Callable[[Any], Settings]) -> Settings:
        try:
            settings = handler(data)
        except ValidationError as error:
            raise _said(error) from error
        wrong = [*faults(settings), *_mistyped_connectors(settings.connectors)]
        if wrong:
            raise SettingsError("\n".join(wrong))
        return settings

    @property
    def options(self) -> Options:
        """What a judgement depends on."""
        return Options(**{each.name: getattr(self, each.name) for each in fields(Options)})

    def to_dict(self) -> dict[str, Any]:
        """The effective settings, ready for JSON. Text under `connectors` is hidden: it may be a secret."""
        sections = {name: getattr(self, name) for name in type(self).model_fields if name != "connectors"}
        shown: dict[str, Any] = json.loads(json.dumps(sections, default=_json))
        shown["connectors"] = {name: _redacted(section) for name, section in self.connectors.items()}
        return shown


class SettingRow(NamedTuple):
    """One setting as `calsight settings` shows it.

    `origin` is "default", "arguments" or the path of the file; `value` is ready for JSON, with secrets hidden; `doc` says what
    the setting means.
    """

    key: str
    value: Any
    origin: str
    doc: str


def default_path(environ: Mapping[str, str] | None = None) -> Path:
    """Where the settings are kept: CALSIGHT_SETTINGS, else `settings.toml` in the user's configuration folder."""
    named = (os.environ if environ is None else environ).get("CALSIGHT_SETTINGS")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path("calsight", appauthor=False) / "settings.toml"


def load_settings(
    path: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """The settings of the file at `path`, with `overrides` (a dict of the file's shape) over them.

    Without a `path` it is the file at `default_path(environ)`, which need not exist. A file that was named, here or by
    CALSIGHT_SETTINGS, must. Raises `SettingsError`.
    """
    data, _ = _read(path, environ)
    return settings_from(_merged(data, overrides or {}))


def settings_from(data: Mapping[str, Any]) -> Settings:
    """The settings that a dict of the file's shape stands for; no file is read. Types are as strict as TOML's."""
    if not data:
        return Settings.model_construct()
    try:
        sections = Sections.model_validate_json(json.dumps(data, default=_json), strict=True)
    except ValidationError as error:
        raise _said(error) from error
    given = {name: getattr(sections, name) for name in sections.model_fields_set}
    # What JSON does not know (a date) reaches a connector as it was written.
    return Settings.model_validate(given | {"connectors": data.get("connectors", {})})


def settings_with_origin(
    path: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> list[SettingRow]:
    """Every setting with its value, where that comes from and what it means, in the order of the documentation."""
    overrides = overrides or {}
    data, origin = _read(path, environ)
    shown = settings_from(_merged(data, overrides)).to_dict()
    rows = []
    for key, doc in documented():
        section, _, name = key.partition(".")
        givers = {"arguments": overrides, origin: data}
        giver = next((giver for giver, given in givers.items() if name in given.get(section, {})), "default")
        rows.append(SettingRow(key, shown[section][name], giver, doc))
    for connector, values in shown["connectors"].items():
        for name, value in values.items():
            given = name in overrides.get("connectors", {}).get(connector, {})
            rows.append(SettingRow(f"connectors.{connector}.{name}", value, "arguments" if given else origin, ""))
    return rows


def documented() -> Iterator[tuple[str, str]]:
    """(dotted key, documentation) of every setting."""
    for section, info in Settings.model_fields.items():
        options = info.annotation
        if is_dataclass(options):
            yield from ((f"{section}.{option.name}", option.metadata["doc"]) for option in fields(options))


def checked(options: Options) -> Options:
    """The options of a program, as they are. Raises `SettingsError` for what no settings file may say."""
    return Settings(**{each.name: getattr(options, each.name) for each in fields(options)}).options


def write_settings(path: Path, changes: Mapping[str, Any]) -> Settings:
    """Change settings in the file at `path` and return what it then says; comments and order are kept.

    `changes` maps dotted keys ("work.zone") to values; None takes a key out of the file. The file and its folder are made where
    they are missing, readable by the user alone. What would be wrong is a `SettingsError`, and nothing is written.
    """
    import tomlkit

    path = path.resolve()  # a linked file is changed where it lives
    before = (read_text(path) or "") if path.exists() else ""
    now = parsed(path, before)
    _blaming(path, lambda: settings_from(now))
    document = tomlkit.parse(before)
    for key, value in changes.items():
        section, _, name = key.partition(".")
        table = document.setdefault(section, tomlkit.table())
        if value is None:
            table.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(table.get(name), Mapping):
            for gone in set(table[name]) - set(value):
                del table[name][gone]
            table[name].update(_plain(value))
        else:
            table[name] = _plain(value)
    after = tomlkit.dumps(document)
    settings = settings_from(parsed(path, after))
    write_text(path, after, what="A setting")
    return settings


def _read(path: Path | None, environ: Mapping[str, str] | None) -> tuple[dict[str, Any], str]:
    """What the file says, checked, and its path as text."""
    file = path or default_path(environ)
    named = path is not None or bool((os.environ if environ is None else environ).get("CALSIGHT_SETTINGS"))
    if not named and not file.exists():
        return {}, str(file)
    text = read_text(file)
    if text is None:
        raise SettingsError(f"There is no settings file {file}. `calsight setup` makes one.")
    data = parsed(file, text)
    _blaming(file, lambda: settings_from(data))
    return data, str(file)


def _said(error: ValidationError) -> SettingsError:
    return SettingsError("\n".join(sentences(error, [key for key, _ in documented()])))


def _blaming(path: Path, check: Callable[[], Settings]) -> Settings:
    try:
        return check()
    except SettingsError as error:
        raise SettingsError("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from error


def _merged(data: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """`overrides` over `data`: sections are joined key by key, and so is each connector's."""
    merged = dict(data)
    for section, values in overrides.items():
        below = merged.get(section)
        if not isinstance(values, Mapping) or not isinstance(below, Mapping):
            merged[section] = values
        elif section == "connectors":
            merged[section] = _merged(below, values)
        else:
            merged[section] = {**below, **values}
    return merged


def _plain(value: Any) -> Any:
    """A value that TOML knows."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value


def _json(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise SettingsError(f"A {type(value).__name__} cannot be a setting.")


def _redacted(section: Mapping[str, Any]) -> dict[str, Any]:
    shown = {
        key: value if key in _SHOWN or isinstance(value, bool | int | float) else _HIDDEN
        for key, value in section.items()
    }
    return json.loads(json.dumps(shown, default=_json))  # type: ignore[no-any-return]


def _mistyped_connectors(sections: Mapping[str, Any]) -> Iterator[str]:
    """A section for a connector that is not installed is no error (it may be on another machine), a slip of the pen is."""
    if not sections:
        return
    from calsight.reading.plugins import connectors

    installed = {entry.name for entry in connectors()}
    for name in sorted(set(sections) - installed):
        if near := get_close_matches(name, installed, n=1):
            yield f"connectors.{name}: no connector of that name is installed. Did you mean connectors.{near[0]}?"
