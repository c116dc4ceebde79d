"""Processes that die in the middle of their work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from typing import Any

import pytest

posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and forkserver are POSIX")


def forkserver(*modules: str) -> ForkServerContext:
    """Starts processes quickly: they have loaded these modules already, and what all tests of connectors need."""
    context = multiprocessing.get_context("forkserver")
    ours = ("calsight.reading.store", "calsight.testing")
    theirs = ("pytest", "hypothesis.stateful", "pydantic", "keyring.backend", "fastjsonschema")
    context.set_forkserver_preload([*ours, *theirs, *modules])
    return context


def die_at_statement(number: int) -> Callable[[], int]:
    """From now on this process dies (SIGKILL) before the so-many-th SQL statement; with 0 it lives.

    Gives a function that says how many there have been.
    """
    seen = 0

    def count(_: str) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def opened(*arguments: Any, **named: Any) -> sqlite3.Connection:
        db = connect(*arguments, **named)
        db.set_trace_callback(count)
        return db

    connect, sqlite3.connect = sqlite3.connect, opened  # type: ignore[assignment]
    return lambda: seen
