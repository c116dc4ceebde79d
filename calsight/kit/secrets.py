"""What may be said of a web address: whoever knows that of a private calendar may read it, so its host and no more."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

#: A web address; one that was taken for a path has lost a stroke.
_ADDRESS = re.compile(r"(?i)((?:https?|webcals?)(?=:/)|[a-z][a-z0-9+.-]{1,20}(?=://))://?([^\s/?#]*)[^\s]*")


def printable(name: str | Path) -> str:
    """The name of a file as text: what only its file system understands is replaced."""
    return os.fsencode(name).decode(errors="replace")


def host_of(address: str) -> str:
    """Scheme and host of a web address ("https://calendar.example.com"), without a user's name and password; "" for none."""
    try:
        parts = urlsplit(address)
        return f"{parts.scheme}://{parts.hostname}" if parts.scheme and parts.hostname else ""
    except ValueError:
        return ""


def forgotten_scheme(reference: str) -> str:
    """The host of what is no path here and looks like a web address without its `https://`; "" for everything else."""
    host, more, _ = reference.strip().partition("/")
    likely = more and "." in host.strip(".") and not host.startswith(("~", "."))
    return host if likely and not Path(host).exists() else ""


def without_secrets(text: str) -> str:
    """The text with every web address in it cut to its scheme and host."""
    return _ADDRESS.sub(lambda found: f"{found[1]}://{found[2].rpartition('@')[2]}", text)
