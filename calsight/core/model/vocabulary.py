"""Fixed sets of words: what an answer, a status, a kind can be."""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    """One of a fixed set of words. As a key it is its text, and found as quickly: an enum's own hash is a call into Python."""

    __hash__ = str.__hash__
