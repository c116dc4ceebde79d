"""Changes of clock → a zone of `zoneinfo`, through the format that it reads (TZif version 2, RFC 8536)."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - counted in UTC
#: Magic, version, and how many there are of: two kinds of indicators, leap seconds, changes, types, characters of names.
_HEAD = struct.Struct(">4sc15x6l")
_NAME = b"-00\0"
_MOST_TYPES = 256


def zone_from(first: timedelta, changes: Mapping[datetime, timedelta]) -> ZoneInfo:
    """The zone with the offset `first`, and from each moment (UTC, naive, in order) on with another. It has no key.

    Raises `ValueError` for offsets of a day or more, and for more than 256 of them.
    """
    offsets = list(dict.fromkeys([first, *changes.values()]))  # what comes first holds before all changes
    if len(offsets) > _MOST_TYPES:
        raise ValueError("no zone has so many offsets")
    times = b"".join(struct.pack(">q", int((moment - _EPOCH).total_seconds())) for moment in changes)
    indices = bytes(offsets.index(offset) for offset in changes.values())
    types = b"".join(struct.pack(">lbb", int(offset.total_seconds()), 0, 0) for offset in offsets)
    empty = _HEAD.pack(b"TZif", b"2", 0, 0, 0, 0, 0, 0)
    head = _HEAD.pack(b"TZif", b"2", 0, 0, 0, len(changes), len(offsets), len(_NAME))
    return ZoneInfo.from_file(io.BytesIO(empty + head + times + indices + types + _NAME + b"\n\n"))
