"""What no real server does when asked: rate limits, cut connections, and forgotten tokens."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api_support import WINDOW, Waits, free_port, said_while_failing
from caldav_support import entry
from caldav_sync import change, fill, made, read, told, truth
from calsight.errors import (
    CalsightError,
    PayloadInvalidError,
    PermissionMissingError,
    RateLimitedError,
    ServerTroubleError,
)
from calsight.kit.retry import RetryPolicy
from calsight.protocols import FreeBusy, Incremental, SignsIn
from calsight.reading.store import Store
from calsight_caldav import CaldavConnector, dav
from fakes.caldav import PASSWORD, FakeCaldav, refuse
from fakes.server import Answer, Trouble


@pytest.fixture
def fake() -> Iterator[FakeCaldav]:
    with FakeCaldav() as server:
        fill(server)
        yield server


def test_it_has_the_optional_capabilities(fake: FakeCaldav) -> None:
    connector = made(fake.url)
    assert isinstance(connector, SignsIn)
    assert isinstance(connector, FreeBusy)
    assert isinstance(connector, Incremental)


# --- what passes is waited for ------------------------------------------------------------------------------------------------

#: Entities that grow without end; an answer has none.
DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><multistatus xmlns="DAV:">&c;</multistatus>'
BREAKS = [
    *(refuse(status) for status in (408, 429, 500, 502, 503, 504)),
    Trouble(cut_after=0),
    Trouble(cut_after=40),
    Trouble(Answer(207, {"Content-Type": "application/xml"}, b"<multistatus xmlns='DAV:'><resp")),
    Trouble(Answer(207, {"Content-Type": "application/xml"}, b"")),
    Trouble(Answer(200, {}, b"not even XML")),
    Trouble(Answer(207, {}, b'<?xml version="1.0" encoding="nobody-knows"?><multistatus xmlns="DAV:"/>')),
    *(
        Trouble(Answer(207, {}, start + DOCTYPE))
        for start in (b"", b"\xef\xbb\xbf", b"<?xml version='1.0'?><!-- <a/> -->\n")
    ),
]


@pytest.mark.parametrize("trouble", BREAKS, ids=lambda one: str(one)[:60])
def test_what_may_pass_is_asked_for_again(fake: FakeCaldav, trouble: Trouble) -> None:
    before, waits = truth(fake), Waits()
    fake.trouble(trouble, trouble)
    connector = made(fake.url, waits.policy)
    (calendar,) = connector.calendars("")
    fake.trouble(trouble, trouble)
    assert told([event for page in connector.fetch(calendar, WINDOW) for event in page.events]) == before
    assert 0.5 <= waits.now <= 4


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(fake: FakeCaldav, status: int) -> None:
    waits = Waits()
    fake.trouble(refuse(status, Retry_After="77"))
    made(fake.url, waits.policy).calendars("")
    assert waits.now == pytest.approx(77)


@pytest.mark.parametrize(
    ("trouble", "error", "sentence"),
    [
        (refuse(429, Retry_After="7200"), RateLimitedError, "wait for 2 hours"),
        (refuse(503), ServerTroubleError, r"in trouble \(status 503\)"),
        (Trouble(cut_after=0), ServerTroubleError, "broke again and again"),
        (Trouble(Answer(207, {"Content-Type": "text/xml"}, b"<x")), PayloadInvalidError, "not XML"),
        (refuse(403), PermissionMissingError, r"does not let this account read the calendar 'Work'"),
        (refuse(404), PermissionMissingError, "or it is gone"),
    ],
)
def test_what_does_not_pass_ends_in_a_sentence(
    fake: FakeCaldav, trouble: Trouble, error: type[CalsightError], sentence: str
) -> None:
    waits = Waits()
    connector = made(fake.url, waits.policy)
    (calendar,) = connector.calendars("")
    fake.storm = lambda number, request: trouble
    with pytest.raises(error, match=sentence):
        list(connector.fetch(calendar, WINDOW))
    assert waits.now <= 300


def test_an_answer_without_end(fake: FakeCaldav, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dav, "_MOST", 1000)
    with pytest.raises(PayloadInvalidError, match="answers without end"):
        truth(fake)


def test_nobody_listens() -> None:
    with pytest.raises(ServerTroubleError, match="broke again and again"):
        made(f"http://127.0.0.1:{free_port()}/").calendars("")


# --- increments ---------------------------------------------------------------------------------------------------------------


def test_increments_without_tokens(fake: FakeCaldav, tmp_path: Path) -> None:
    fake.syncs = False
    store, connector, chance = Store(tmp_path), made(fake.url), random.Random(3)
    for _ in range(5):
        assert read(store, connector) == truth(fake)
        change(fake, chance)
    fake.syncs = True  # it has learnt it
    assert read(store, connector) == truth(fake)
    change(fake, chance)
    fake.syncs = False  # and forgotten
    assert read(store, connector) == truth(fake)


@pytest.mark.parametrize("status", [400, 403, 409, 412, 507])
def test_a_forgotten_token_is_a_full_fetch(fake: FakeCaldav, tmp_path: Path, status: int) -> None:
    store, connector = Store(tmp_path), made(fake.url)
    read(store, connector)
    change(fake, random.Random(4))
    fake.stale = status
    fake.forget_tokens()
    fake.oldest -= 1
    assert read(store, connector) == truth(fake)


def test_a_list_that_is_cut_off_is_asked_for_in_parts(fake: FakeCaldav) -> None:
    """Else meetings would be missing, and nobody would know."""
    before = truth(fake)
    fake.most = 20
    assert truth(fake) == before
    fake.most = 3
    with pytest.raises(PayloadInvalidError, match="gives only some entries"):
        truth(fake)


# --- entries ------------------------------------------------------------------------------------------------------------------


def test_an_entry_that_xml_cannot_hold_costs_no_other(fake: FakeCaldav) -> None:
    fake.put("bell.ics", entry("bell", title="Bell \x07 rings"))
    assert "bell.ics" in truth(fake)
    assert len(truth(fake)) == 31 + 6 - sum(1 for start, _ in truth(fake).values() if start >= WINDOW.end.isoformat())


def test_a_bad_entry_is_set_aside_and_mended_later(fake: FakeCaldav, tmp_path: Path) -> None:
    fake.put("bad.ics", entry("bad", title="Salary").replace("DTSTART:2026", "DTSTART:x"))
    store, connector = Store(tmp_path), made(fake.url)
    (calendar,) = connector.calendars("")

    def problems() -> list[Any]:
        return [problem for page in store.read("caldav", connector, calendar, WINDOW) for problem in page.problems]

    (problem,) = problems()
    assert (problem.code, problem.uid) == ("bad_entry", "bad")
    assert "Salary" not in problem.text
    fake.put("bad.ics", entry("bad"))
    assert problems() == []


# --- privacy ------------------------------------------------------------------------------------------------------------------

SECRETS = (PASSWORD, "Salary", "bo@example.com", "Bo Smith", "YW5hQGV4")


def test_nothing_of_people_is_in_any_log_or_error(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """All that a failing run says, on every channel and level, read for passwords, titles and addresses."""
    private = entry("a", title="Salary").replace("CN=Bo", "CN=Bo Smith")
    page = Answer(200, {"Content-Type": "text/html"}, b"<html>Salary bo@example.com</html>")
    failures = [
        *(refuse(status) for status in (400, 401, 403, 404, 412, 429, 500, 507)),
        Trouble(page),
        Trouble(Answer(207, {"Content-Type": "text/xml"}, b"<x>Salary bo@example.com")),
        Trouble(Answer(403, {}, b"<html>Salary bo@example.com")),
        Trouble(cut_after=40),
    ]
    with FakeCaldav() as fake:
        fake.put("a.ics", private)
        fake.put("b.ics", private.replace("UID:a", "UID:b").replace("DTSTART:2026", "DTSTART:x"))

        def connector() -> CaldavConnector:
            return made(fake.url, RetryPolicy(deadline=0))

        paths = ("/dav/", "/ana/", "/job/")
        said = said_while_failing(fake, failures, paths, connector, caplog, capfd)
    assert [(secret, text) for text in said for secret in SECRETS if secret in text] == []


def test_the_libraries_would_have_said_it(fake: FakeCaldav, caplog: pytest.LogCaptureFixture) -> None:
    """Without this the test above could not fail."""
    import requests

    with caplog.at_level(logging.DEBUG):
        requests.request("PROPFIND", f"{fake.url}calendars/ana/job/", timeout=10)
    assert any("calendars/ana" in record.getMessage() for record in caplog.records)
