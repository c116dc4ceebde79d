"""Calendars that were made to be slow or large to read: each a small generator, to whatever size is asked for.

`tests/hostile/test_growth.py` reads small ones, `benchmarks/hostile.py` large ones with their times and peak memory.
"""

from hostile.attacks import archives, marks, people, recurrence, texts
from hostile.attacks.archives import archive
from hostile.attacks.making import ATTACKS, one

__all__ = ["ATTACKS", "archive", "archives", "marks", "one", "people", "recurrence", "texts"]
