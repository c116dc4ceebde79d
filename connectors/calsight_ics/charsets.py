"""Bytes of a calendar → text. The standard says UTF-8; calendars say other things too, and some lose a byte on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from calsight_ics.places.text import Text

#: What calendars are written in that are not UTF-8.
_CHARSETS = (
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
    "koi8_r",
    "cp1255",
    "cp1256",
)
_LATIN = frozenset({"cp1252", "cp1250", "cp1254"})
_CYRILLIC = frozenset({"cp1251", "koi8_r"})
_EAST_ASIAN = frozenset({"big5", "euc_kr", "gb18030"})
#: First and last letter of each script.
_KANA, _CHINESE = ("\u3041", "\u30fa"), ("\u4e00", "\u9fff")
#: Letters of ISO 8859-2 are these signs in cp1250.
_SIGNS_IN_WORDS = re.compile(r"(?<=[^\W\d_])[\xa6\xa9\xac\xae\xb1\xb6](?=[^\W\d_])")
_HEBREW_END = re.compile(rb"[\xea\xed\xef\xf3\xf5]")
_LOST = "\ufffd"
_QUOTED_PRINTABLE = re.compile(rb"(?is)([A-Z-]+)((?:;[^:;]+)*?);ENCODING=QUOTED-PRINTABLE((?:;[^:;]+)*):(.*)")
_PART = 1 << 20
#: So many lines are looked at to guess a charset.
_ENOUGH = 400
#: A letter of another script.
_WIDE = r"[^\x00-\u024f\u2000-\u20ff\ufffd]"


class Decoder:
    """Bytes of one calendar → text. A line that is not UTF-8 is decoded as the charset that all such lines look like."""

    def __init__(self, text: Text = b"") -> None:
        """`text` is the whole calendar; it is looked at only if something in it is not UTF-8."""
        self._text = text
        self._charset = ""

    def __call__(self, data: bytes) -> str:
        """The text of `data`."""
        try:
            return data.decode()
        except UnicodeDecodeError:
            return "\n".join(map(self._line, data.split(b"\n")))

    def _line(self, line: bytes) -> str:
        text = _as_utf8(line)
        if text is None:
            self._charset = self._charset or _guess(_odd_lines(self._text))
            text = line.decode(self._charset, "replace")
        return text


def _as_utf8(line: bytes) -> str | None:
    """A line as UTF-8 if it is that, perhaps with some bytes lost; else None."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        text = line.decode("utf-8", "replace")
        whole = sum(not character.isascii() for character in text) - text.count(_LOST)
        return text if whole >= text.count(_LOST) else None


def _odd_lines(text: Text) -> list[bytes]:
    """The first lines that are not UTF-8."""
    found: list[bytes] = []
    for part in _parts(text):
        if not part.isascii():
            found += [line for line in part.split(b"\n") if not line.isascii() and _as_utf8(line) is None]
        if found:
            return found[:_ENOUGH]
    return found


def _parts(text: Text) -> Iterator[bytes]:
    """The text in parts that end with a line, where lines are not longer than a part."""
    at = 0
    while at < len(text):
        end = text.rfind(b"\n", at, at + _PART) + 1 if at + _PART < len(text) else len(text)
        end = end if end > at else at + _PART
        yield text[at:end]
        at = end


def _guess(lines: list[bytes]) -> str:
    """The charset of lines that are not UTF-8.

    Of a few words hardly anything can be told but which letters stand beside each other: what charset-normalizer takes for
    another script is Latin where its letters stand in the middle of ASCII words.
    """
    from charset_normalizer import from_bytes

    data = b"\n".join(lines)
    best = from_bytes(data, cp_isolation=list(_CHARSETS)).best() if lines else None
    charset = best.encoding if best is not None else "cp1252"
    if charset not in _LATIN:
        charset = _of_east_asia(charset, data) if charset in _EAST_ASIAN else charset
        text = data.decode(charset, "replace")
        mixed = re.findall(rf"(?<=[A-Za-z]){_WIDE}|{_WIDE}(?=[A-Za-z])", text)
        if len(mixed) * 3 < len(re.findall(_WIDE, text)):
            return "cp1255" if charset in _CYRILLIC and _is_hebrew(data) else charset
    if _is_turkish(data):
        return "cp1254"
    if _is_central_european(data):
        return "iso8859_2" if _SIGNS_IN_WORDS.search(data.decode("cp1250", "replace")) else "cp1250"
    return "cp1252"


def _of_east_asia(charset: str, data: bytes) -> str:
    """`charset`, or the one that is meant where few letters do not tell it from others of East Asia.

    Japanese has kana, which others' letters rarely are in EUC-JP; where Chinese characters are many, it is not Korean.
    """
    with suppress(UnicodeDecodeError):
        if _share(_KANA, data.decode("euc_jp")) > 0.25:
            return "euc_jp"
    return "gb18030" if charset == "euc_kr" and _share(_CHINESE, data.decode(charset, "replace")) > 0.25 else charset


def _share(script: tuple[str, str], text: str) -> float:
    """The share of a script's letters among those beyond the Latin ones."""
    first, last = script
    return sum(first <= letter <= last for letter in text) / (len(re.findall(_WIDE, text)) or 1)


def _is_hebrew(data: bytes) -> bool:
    """Whether what looks Cyrillic is Hebrew: no letter but its 22 and the five that only end words, and one of these does.

    Read as cp1251 these five are letters that Russian has everywhere (`к`, `н`, `п`, `у`, `х`).
    """
    words = re.findall(rb"[\x80-\xff]+", data)
    letters = all(0xE0 <= letter <= 0xFA for letter in b"".join(words))
    within = any(_HEBREW_END.search(word[:-1]) for word in words)
    return letters and not within and any(_HEBREW_END.search(word[-1:]) for word in words)


def _is_turkish(data: bytes) -> bool:
    """Whether Latin text holds the letters of Turkish that are of Icelandic in cp1252, and no vowel with an acute."""
    held = frozenset(data)
    return bool(held & frozenset(b"\xdd\xde\xf0\xfd\xfe")) and not held & frozenset(b"\xe1\xe6\xe9\xed\xf3\xfa")


def _is_central_european(data: bytes) -> bool:
    """Whether Latin text is of the east of Central Europe: its letters are signs in cp1252, or stand beside others than there.

    `š` and `ž` (Czech, Slovak, Slovene, Croatian), letters that are signs in the middle of words (Polish, Romanian), `ř` beside
    `ě`, `č`, `ů` and the like, which nobody writes who writes the `ø` that it is in cp1252 (Czech), or `ő` and `ű` among vowels
    with acutes and without the letters of French and Portuguese (Hungarian).
    """
    held = frozenset(data)
    signs = re.search(r"(?<=[^\W\d_])[\xa1-\xbf\ufffd](?=[^\W\d_])", data.decode("cp1252", "replace"))
    if signs or held & frozenset(b"\x8a\x8e\x9a\x9e"):
        return True
    if (
        held & frozenset(b"\xd8\xf8")
        and held & frozenset(b"\xe8\xec\xef\xf2\xf9")
        and not held & frozenset(b"\xc5\xc6\xe5\xe6")
    ):
        return True
    hungarian = held & frozenset(b"\xf5\xfb") and held & frozenset(b"\xe1\xed\xf3")
    hungarian = hungarian or (held & frozenset(b"\xd5\xdb") and held & frozenset(b"\xe1\xe9\xed\xf3"))
    return bool(hungarian) and not held & frozenset(b"\xe3\xe7\xe8\xea\xee")


def joined(lines: list[bytes]) -> list[bytes]:
    """The lines with those joined that quoted-printable broke (`=` at the end; the rest stands on the next line)."""
    found: list[bytes] = []
    parts: list[bytes] = []
    for line in lines:
        parts.append(line)
        if line.endswith(b"=") and (len(parts) > 1 or b"QUOTED-PRINTABLE" in line.upper()):
            parts[-1] = line[:-1]
        else:
            found.append(b"".join(parts))
            parts = []
    if parts:
        found.append(b"".join(parts) + b"=")
    return found


def readable(line: bytes) -> bytes:
    """A text line that is quoted-printable (vCalendar 1.0) as one in UTF-8 that is not."""
    found = _QUOTED_PRINTABLE.fullmatch(line)
    if found is None:
        return line
    name, before, after, value = found.groups()
    parameters = before + after
    charset = re.search(rb"(?i);CHARSET=\"?([A-Z0-9_-]+)\"?", parameters)
    import quopri

    raw = quopri.decodestring(value)
    if charset:
        parameters = parameters.replace(charset[0], b"")
        with suppress(LookupError):  # of a charset that nobody knows
            raw = raw.decode(charset[1].decode("ascii"), "replace").encode()
    text = raw.replace(b"\r\n", b"\n").replace(b"\n", rb"\n")
    return name + parameters + b":" + text
