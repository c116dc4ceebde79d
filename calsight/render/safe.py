"""A stranger's text for output, made harmless once for every medium.

Names, titles and files' names are strangers' words. A terminal obeys control characters, every medium obeys marks that turn the
direction of what follows, and marks without width let two different names look alike. What a medium alone must escape
(HTML's brackets, Markdown's stars, a terminal's lack of characters) stays with that medium.
"""

from __future__ import annotations

import unicodedata

#: Format characters that belong to words: they join emoji and shape letters of Persian and of India's scripts.
_JOINERS = "\u200c\u200d"
#: Where a word may be broken; belongs to the text, shows nothing.
_SOFT_HYPHEN = "\u00ad"
_BREAKS = ("Cc", "Zl", "Zp")


def clean(text: str) -> str:
    """`text` on one line: line breaks and control characters are blanks, and what is unseen or steers is gone."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if unicodedata.category(char) in _BREAKS else char for char in text if not _steers(char))


def tidy(text: str) -> str:
    """`clean`, with each run of blanks as one."""
    return " ".join(clean(text).split())


def _steers(char: str) -> bool:
    """Whether a character has no shape of its own: marks of direction and of no width, tags, lone surrogates."""
    return unicodedata.category(char) in ("Cf", "Cs") and char not in _JOINERS and char != _SOFT_HYPHEN
