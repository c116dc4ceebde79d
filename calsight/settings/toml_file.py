"""TOML files that people edit: read and written, and what is wrong with one in a sentence that names it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from calsight.errors import SettingsError
from calsight.kit.files import PRIVATE, write_whole


def read_text(path: Path) -> str | None:
    """The text of the file; None where there is no file. Raises `SettingsError`."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error


def parsed(path: Path, text: str) -> dict[str, Any]:
    """What the text of the file says. Raises `SettingsError`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}.") from error


def write_text(path: Path, text: str, *, what: str) -> None:
    """Write the whole file or nothing. A new one is for the user alone; `what` begins the sentence where it holds no text.

    Raises `SettingsError`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode(), mode=PRIVATE)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}.") from error
    except UnicodeEncodeError:
        raise SettingsError(f"{what} holds bytes that are no text. Type it anew in UTF-8.") from None
