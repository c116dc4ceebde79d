"""Asking whoever signs in for what only they know, where somebody can answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence


def can_answer() -> bool:
    """Whether somebody sits at this program's input: a terminal, no pipe and no file."""
    return sys.stdin is not None and sys.stdin.isatty()


def chosen(question: str, choices: Sequence[str], say: Callable[[str], None]) -> int | None:
    """The place (from 0) of the choice that somebody names by its number, asked until it is one; None where input ends."""
    say("\n".join([question, *(f"  {number}  {choice}" for number, choice in enumerate(choices, 1))]))
    wanted = f"A number from 1 to {len(choices)}:"
    while (line := word(wanted, say)) is not None:
        if line.isdecimal() and 1 <= int(line) <= len(choices):
            return int(line) - 1
    return None


def word(question: str, say: Callable[[str], None]) -> str | None:
    """What somebody types, without blanks around it; None where input ends."""
    say(question)
    line = sys.stdin.readline()
    return line.strip() if line else None
