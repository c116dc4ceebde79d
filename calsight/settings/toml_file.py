"""TOML files that people edit: read and written, and what is wrong with one in a sentence that names it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from calsight.errors import SettingsError
from calsight.kit.files import PRIVATE, write_whole
from calsight.kit.texts import read_bounded

#: Bytes of a file: corrections of many years.
_MOST = 4_000_000
#: Each part of a name costs as much as all before it.
_DOTS = 30
_DEEP = re.compile(rf"(?<![\w\"'.-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){{{_DOTS}}}")


def read_text(path: Path) -> str | None:
    """The text of the file; None where there is no file. Raises `SettingsError`."""
    try:
        return read_bounded(path, _MOST).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (FileNotFoundError, NotADirectoryError):  # the home of a service may be `/dev/null`
        return None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error


def parsed(path: Path, text: str) -> dict[str, Any]:
    """What the text of the file says. Raises `SettingsError`."""
    if _DEEP.search(text):
        raise SettingsError(f"{path} is not TOML that anybody wrote: a name in it has more than {_DOTS} parts.")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}.") from error
    except (RecursionError, ValueError):
        raise SettingsError(
            f"{path} is not TOML that anybody wrote: it nests too deep, or holds a number without end."
        ) from None


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
