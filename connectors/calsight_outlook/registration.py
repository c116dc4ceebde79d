"""The app registration of the last sign-in, remembered beside it: its ID and where it signs in, neither of them a secret."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from calsight.kit.files import PRIVATE, private_folder, write_whole
from calsight.kit.texts import read_json

_CLIENT = "outlook-client.json"


def remembered(folder: Path | None) -> dict[str, Any]:
    """The `client_id` and `authority` of the last sign-in; {} where there was none."""
    if folder is None:
        return {}
    try:
        kept = read_json((folder / "signin" / _CLIENT).read_text(encoding="utf-8"))
        return {key: str(kept[key]) for key in ("client_id", "authority")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def forget(folder: Path | None) -> None:
    """Remember it no more."""
    if folder is not None:
        (folder / "signin" / _CLIENT).unlink(missing_ok=True)


def remember(client_id: str, authority: str, folder: Path) -> None:
    """Keep what a sign-in was made with, so that the next one needs no option."""
    content = json.dumps({"client_id": client_id, "authority": authority}).encode()
    with suppress(OSError):  # then it is named again the next time
        write_whole(private_folder(folder / "signin") / _CLIENT, content, mode=PRIVATE)
