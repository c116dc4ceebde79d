"""The connector keeps calsight's contract; the rest says what is special about a logbook."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from calsight_logbook.connector import LogbookConnector

import calsight
from calsight import Window
from calsight.errors import PayloadInvalidError, SourceError, UsageError
from calsight.protocols import ConnectorContext
from calsight.testing import ConnectorContract

LOGBOOK = Path(__file__).with_name("logbook.csv")
MARCH = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


class TestContract(ConnectorContract):
    """All that calsight relies on."""

    @pytest.fixture
    def connector(self, context: ConnectorContext) -> LogbookConnector:
        return LogbookConnector(context)

    @pytest.fixture
    def reference(self) -> str:
        return str(LOGBOOK)

    @pytest.fixture
    def window(self) -> Window:
        return MARCH


def test_a_report_on_a_logbook() -> None:
    report = calsight.analyze(
        f"logbook:{LOGBOOK}", me="ana@example.com", as_of=datetime(2026, 3, 31, tzinfo=UTC), settings={}
    )
    assert (report.counts.one_to_one, report.counts.group, report.counts.excluded) == (2, 1, 1)
    assert report.excluded == {"hold": 1}
    assert [problem.code for problem in report.problems] == ["bad_row"]


def test_times_are_in_the_owner_s_zone() -> None:
    connector = LogbookConnector(ConnectorContext(zone="Europe/Berlin"))
    (page,) = connector.fetch(connector.calendars(str(LOGBOOK))[0], MARCH)
    assert page.events[0].start == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert page.events[-1].end == datetime(2026, 3, 29, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"a,b\n1,2\n", PayloadInvalidError), (b"", PayloadInvalidError), (b"\xff\xfe\x00", SourceError)],
)
def test_what_is_no_logbook_is_said_to_be_none(tmp_path: Path, content: bytes, error: type[Exception]) -> None:
    (tmp_path / "book.csv").write_bytes(content)
    connector = LogbookConnector(ConnectorContext())
    (calendar,) = connector.calendars(str(tmp_path / "book.csv"))
    with pytest.raises(error, match=r"book\.csv"):
        list(connector.fetch(calendar, MARCH))


def test_a_logbook_must_be_named() -> None:
    with pytest.raises(UsageError, match="logbook:PATH"):
        LogbookConnector(ConnectorContext()).calendars("")
