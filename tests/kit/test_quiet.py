"""Libraries say nothing while calsight uses them, and everything at other times."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress

import pytest

from calsight.kit.quiet import quiet


@pytest.fixture(autouse=True)
def _debug(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_a_library_and_its_parts_are_quiet_inside(caplog: pytest.LogCaptureFixture) -> None:
    chatty, part, other = (logging.getLogger(name) for name in ("chatty", "chatty.http", "chattyother"))
    with quiet("chatty"):
        chatty.error("token 1")
        part.debug("token 2")
        other.info("harmless")
    part.info("after")
    assert said(caplog) == ["harmless", "after"]


def test_blocks_nest_and_end_with_an_error(caplog: pytest.LogCaptureFixture) -> None:
    one, two = logging.getLogger("one"), logging.getLogger("two")
    with suppress(ValueError), quiet("one"):
        with quiet("two"):
            one.info("no")
            two.info("no")
        two.info("two again")
        raise ValueError
    one.info("one again")
    assert said(caplog) == ["two again", "one again"]


def test_other_threads_are_not_touched(caplog: pytest.LogCaptureFixture) -> None:
    chatty = logging.getLogger("chatty")
    with quiet("chatty"):
        thread = threading.Thread(target=chatty.info, args=("from another thread",))
        thread.start()
        thread.join()
    assert said(caplog) == ["from another thread"]
