"""Keeps other people's libraries from logging what calsight never logs: tokens, addresses, titles.

Client libraries log whole URLs, headers and answers at DEBUG and INFO. A connector runs each call to such a library inside
`quiet("googleapiclient", "oauthlib")`; what the same program does with those libraries elsewhere is not touched.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_INSIDE: ContextVar[frozenset[str]] = ContextVar("calsight_quiet", default=frozenset())


class _Filter(logging.Filter):
    """Drops a record of a library that is to be quiet in this thread."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.name.partition(".")[0] not in _INSIDE.get()


_FILTER = _Filter()


@contextmanager
def quiet(*libraries: str) -> Iterator[None]:
    """Nothing is logged by the top-level packages `libraries` inside this block, in this thread (or task).

    "root" is what a library logs without a logger of its own.
    """
    names = frozenset(libraries)
    if "root" in names:
        logging.root.addFilter(_FILTER)
    # A filter works on the very logger that a record is made with, and loggers are made whenever a module is imported.
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and name.partition(".")[0] in names:
            logger.addFilter(_FILTER)  # does nothing where it is already
    token = _INSIDE.set(_INSIDE.get() | names)
    try:
        yield
    finally:
        _INSIDE.reset(token)
