"""Other people's mailboxes: which may be read, whose they are, and when somebody is busy."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api_support import MONDAY, WINDOW, Waits
from calsight import Window
from calsight.errors import PermissionMissingError, UsageError
from calsight.protocols import ConnectorContext
from calsight_outlook import OutlookConnector
from fakes.graph import READ, FakeGraph
from fakes.graph_items import ME, all_day, event
from fakes.login import CLIENT, TENANT, FakeLogin
from fakes.server import Answer, Trouble
from outlook_support import Connect, found


class TestOtherMailboxes:
    def test_one_that_is_shared(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        bo = graph.add_user("bo@example.com", "Bo", "Tokyo Standard Time", calendar="bos")
        bo.shared_with.add(ME)
        graph.add_calendar("bo@example.com", "bos2", "Side")
        graph.put("bos", all_day("day", "2026-03-10"))
        (calendar,) = connector.calendars("bo@example.com")
        assert calendar.owner == ("bo@example.com",)
        (day,) = found(connector, "bo@example.com").values()
        assert day.zone == "Asia/Tokyo"
        assert connector.calendars("bo@example.com/Side")[0].id == "bo@example.com/bos2"

    def test_one_that_is_not(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.add_user("bo@example.com", "Bo")
        with pytest.raises(PermissionMissingError, match="they can share it in Outlook"):
            connector.calendars("bo@example.com")
        with pytest.raises(PermissionMissingError, match="cannot find the calendar of that mailbox"):
            connector.calendars("nobody@example.com")


class TestWhoseItIs:
    def test_an_application_that_may_ask_knows_the_other_addresses_of_a_mailbox(
        self, graph: FakeGraph, connect: Connect, login: FakeLogin
    ) -> None:
        graph.users[ME].profile = {"proxyAddresses": ["SMTP:ana@example.com", "smtp:a.novak@example.com", "x500:/o=x"]}
        login.mailboxes = (ME,)
        application = {"client_id": CLIENT, "client_secrets": login.secret, "access_token": ""}
        authority = f"https://login.microsoftonline.com/{TENANT}"
        connector = connect(login=login, authority=authority, **application)
        assert connector.calendars(ME)[0].owner == (ME,)
        login.scopes = READ | {"User.Read.All"}
        assert connect(login=login, authority=authority, **application).calendars(ME)[0].owner == (
            ME,
            "a.novak@example.com",
        )

    @pytest.mark.parametrize("purpose", ["shared", "room", "equipment"])
    def test_the_mailbox_of_a_team_or_a_room_is_nobody_s(
        self, graph: FakeGraph, connect: Connect, purpose: str
    ) -> None:
        """So whoever reads it is asked who they are."""
        graph.add_user("team@example.com", "Team", shared_with={ME}, purpose=purpose)
        connector = connect(access_token=graph.token(scopes=READ | {"MailboxSettings.Read"}))
        (calendar,) = connector.calendars("team@example.com")
        *_, last = connector.fetch(calendar, WINDOW)
        assert last.calendar is not None
        assert (last.calendar.owner, last.calendar.owner_name) == ((), "")

    def test_a_person_s_is_theirs(self, graph: FakeGraph, connect: Connect) -> None:
        graph.add_user("bo@example.com", "Bo", shared_with={ME})
        connector = connect(access_token=graph.token(scopes=READ | {"MailboxSettings.Read"}))
        *_, last = connector.fetch(connector.calendars("bo@example.com")[0], WINDOW)
        assert last.calendar is not None
        assert last.calendar.owner == ("bo@example.com",)


class TestFreeBusy:
    def test_busy_spans_of_those_who_may_be_asked(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.add_user("bo@example.com", "Bo", calendar="bos")
        graph.put("bos", event("a", MONDAY, 30), event("b", MONDAY + timedelta(hours=1), showAs="free"))
        graph.put("bos", event("c", MONDAY + timedelta(days=70), 60, showAs="tentative"))
        window = Window(MONDAY + timedelta(minutes=10), MONDAY + timedelta(days=100))
        busy = connector.free_busy(["Bo@example.com".lower(), "nobody@example.com"], window)
        third = MONDAY + timedelta(days=70)
        assert busy == {
            "bo@example.com": [
                Window(window.start, MONDAY + timedelta(minutes=30)),
                Window(third, third + timedelta(hours=1)),
            ],
            "nobody@example.com": None,
        }

    def test_many_people_are_asked_in_portions(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        people = [f"p{number}@example.com" for number in range(45)]
        for person in people:
            graph.add_user(person, person)
        assert connector.free_busy(people, WINDOW) == {person: [] for person in people}
        assert len(graph.asked("getSchedule")) == 3

    @pytest.mark.parametrize("items", [[{"status": "busy"}], ["x"], [{"start": 3, "end": 4}], 3])
    def test_what_makes_no_sense_is_unknown(self, graph: FakeGraph, connector: OutlookConnector, items: Any) -> None:
        answer = Answer.json({"value": [{"scheduleId": "bo@example.com", "scheduleItems": items}]})
        graph.trouble(Trouble(answer), path="/getSchedule")
        assert connector.free_busy(["bo@example.com"], WINDOW) == {"bo@example.com": None}

    def test_a_personal_account_may_not_ask(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.users[ME].personal = True
        assert connector.free_busy(["bo@example.com"], WINDOW) == {"bo@example.com": None}


def test_an_application_names_its_mailbox(graph: FakeGraph, tmp_path: Path, waits: Waits) -> None:
    settings = {"api_endpoint": graph.url, "client_id": "c", "client_secrets": "s"}
    connector = OutlookConnector(ConnectorContext(settings), policy=waits.policy)
    with pytest.raises(UsageError, match="outlook:ADDRESS"):
        connector.calendars("")
