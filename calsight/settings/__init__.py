"""What a person may set, and what they say against their calendar: files, checks and sentences.

`Settings` and the functions that read and write its file are had from here too; they are loaded when first asked for, since
other modules of this room (`folders`) are needed before anything heavy is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calsight.settings.file import Settings, default_path, load_settings, settings_from, write_settings

__all__ = ["Settings", "default_path", "load_settings", "settings_from", "write_settings"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'calsight.settings' has no attribute {name!r}")
    return getattr(import_module("calsight.settings.file"), name)
