"""What servers answer, and what stands on disk, may make no sense; it costs itself and is no defect of ours."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.conftest import AS_OF, Ran
from hostile.attacks import one
from hostile.servers import Answering, Server, serving
from kill_support import posix

Cli = Callable[..., Ran]
DIGITS = "9" * 400
HEADERS = {
    "date": (200, {"Date": DIGITS, "Expires": "-1", "Age": DIGITS, "Last_Modified": "Fri, 99 Foo 0000 99:99:99"}),
    "max-age": (200, {"Cache_Control": f"max-age={DIGITS}, {'x,' * 2000}", "ETag": '"' * 300}),
    "retry": (503, {"Retry_After": DIGITS}),
    "retry-date": (429, {"Retry_After": "Thu, 01 Jan 99999 00:00:00 GMT"}),
    "location": (302, {"Location": f"http://[{DIGITS}/"}),
    "port": (302, {"Location": f"http://127.0.0.1:{DIGITS}/"}),
    "encoding": (200, {"Content_Encoding": "gzip, gzip", "Content_Type": "text/calendar; charset=\\udce9"}),
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "*")

    def answer(request: Answering) -> None:
        status, headers = HEADERS[request.path.strip("/")]
        request.say(status, one(b"SUMMARY:x"), **headers)

    with serving(answer) as running:
        yield running


@pytest.mark.parametrize("name", HEADERS)
def test_nonsense_in_headers_is_no_defect_of_ours(cli: Cli, server: Server, name: str) -> None:
    for _ in range(2):  # the second time with what was kept
        ran = cli("events", server.url(f"/{name}"), "--as-of", AS_OF)
        assert ran.code == (0 if name in ("date", "max-age") else 3)
        assert "our fault" not in ran.err


@posix
def test_names_that_are_no_text_and_deep_folders_cost_themselves(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    deep = folder
    for _ in range(60):
        deep = deep / "deep"
    deep.mkdir(parents=True)
    (deep / "x.ics").write_bytes(one(b"SUMMARY:deep"))
    (Path(os.fsdecode(bytes(folder) + b"/\xff\xe9.ics"))).write_bytes(one(b"SUMMARY:odd"))
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 no more")
    ran = cli("events", folder, "--as-of", AS_OF)
    assert ran.code == 0
    assert all(title in ran.out for title in ("deep", "odd"))
    assert "broken.zip" in ran.err + ran.out
