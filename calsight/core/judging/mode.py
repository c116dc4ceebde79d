"""How people met: in person, from afar, or both. Told by a LOCATION, which may be a place or a way in, and by join links.

The words by which a location is known to be no place are data (`data/conference.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from calsight.core.data import load, lowered
from calsight.core.judging.conference import conference_links
from calsight.core.model.meetings import Mode

_LONGEST = 1000  # characters looked at


class Location(NamedTuple):
    """What a LOCATION says: `link`: a way to meet from afar; `place`: somewhere to be. Both, either or neither."""

    link: bool = False
    place: bool = False


@lru_cache(maxsize=4096)
def read_location(text: str) -> Location:
    """Read a LOCATION. Its parts ("Room 4; Microsoft Teams Meeting") are judged each for itself."""
    text = text.strip()[:_LONGEST]
    if not text:
        return Location()
    words = _location_words()
    link = bool(conference_links(text))
    text, addresses = words.address.subn(" ; ", text)
    link = link or addresses > 0
    place = False
    for part in words.separators.split(text):
        rest, numbers = words.number.subn(" ", part)
        rest, remote = words.remote.subn(" ", lowered(rest))
        rest = words.filler.sub(" ", rest)
        if any(map(str.isalnum, rest)):
            place = True
        elif remote or numbers:
            link = True
    return Location(link, place)


def mode_of(location: str, conference: Sequence[str], *, room: bool) -> Mode:
    """How people met. `conference`: the links known; `room`: a room is among the attendees."""
    seen = read_location(location)
    remote = bool(conference) or seen.link
    place = room or seen.place
    if remote and place:
        return Mode.HYBRID
    if remote:
        return Mode.REMOTE
    return Mode.IN_PERSON if place else Mode.UNSPECIFIED


class _LocationWords:
    """What in a location is no place. `remote` and `filler` are in small letters."""

    def __init__(self, data: Mapping[str, Sequence[str]]) -> None:
        self.address = re.compile(
            r"(?:https?://|\b[a-z]{3,12}://|www\.|\b(?:tel|sips?|msteams|facetime|skype):)\S+|(?<![\w.-])[\w-]++(?:\.[\w-]++)++/\S*",
            re.IGNORECASE,
        )
        self.separators = re.compile(
            r"[;|\n,()/\[\]]|\s[+&–—-]\s|(?<!\w)(?:and|or|und|oder|et|ou|of)(?!\w)", re.IGNORECASE
        )
        self.number = re.compile(
            r"\b(?:passcode|password|pwd|kennwort|kenncode)\b[ :=]*\S+|\b(?:id|code|pin)\b[ :=#.]*\d[\d -]*#?"
            r"|\+\d[\d \t().-]{5,22}\d[\d,*#]*|(?<!\w)\(?\d[\d \t().-]{5,22}\d(?!\w)[\d,*#]*",
            re.IGNORECASE,
        )
        self.remote = _whole_words(data["remote"])
        self.filler = _whole_words(data["filler"])


def _whole_words(patterns: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(patterns, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)")


@cache
def _location_words() -> _LocationWords:
    return _LocationWords(load("conference")["location"])
