"""Join links, dial-in numbers, and what a LOCATION says."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.judging.conference import conference_links
from calsight.core.judging.mode import Location, mode_of, read_location
from calsight.core.model.meetings import Mode

TEAMS = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%22Tid%22%3a%22y%22%7d"


@pytest.mark.parametrize(
    "link",
    [
        TEAMS,
        "https://teams.live.com/meet/9312345678901?p=abc",
        "https://gov.teams.microsoft.us/l/meetup-join/19%3ameeting",
        "https://meet.google.com/abc-defg-hij",
        "https://zoom.us/j/123456789",
        "https://us02web.zoom.us/my/ana",
        "https://example.zoomgov.com/j/1601234567?pwd=abc",
        "https://example.webex.com/example/j.php?MTID=m123",
        "https://example.webex.com/meet/ana",
        "https://global.gotomeeting.com/join/123456789",
        "https://meet.goto.com/123456789",
        "https://app.gotomeeting.com?meetingId=123456789",
        "https://bluejeans.com/123456789",
        "https://whereby.com/ana-room",
        "https://example.whereby.com/room",
        "https://meet.jit.si/OurStandup",
        "https://jitsi.example.org/standup",
        "https://chime.aws/1234567890",
        "https://app.slack.com/huddle/T012/C345",
        "https://bbb.example.edu/b/ana-abc-def",
        "https://cloud.example.org/call/a1b2c3d4",
        "https://join.skype.com/abcdEFGH1234",
    ],
)
def test_join_links_are_found_in_a_sentence(link):
    assert conference_links(f"Agenda to follow. Join here: {link}.\nSee you") == (link,)
    assert conference_links(f'<p>Hello</p><a href="{link}">Join</a>') == (link,)
    assert conference_links(f"Click here<{link}> or ({link})") == (link,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "see you",
        "https://teams.microsoft.com/meetingOptions/?organizerId=x",
        "https://teams.microsoft.com/l/channel/19%3aabc/General",
        "https://aka.ms/JoinTeamsMeeting",
        "https://example.zoom.us/u/kdx123",
        "https://zoom.us/rec/share/abc",
        "https://support.zoom.us/hc/en-us/articles/1",
        "https://meet.google.com/",
        "https://support.google.com/meet/answer/1",
        "https://help.webex.com/en-us/article/1",
        "https://example.webex.com/example/globalcallin.php?MTID=m1",
        "https://whereby.com/pricing",
        "https://bluejeans.com/downloads",
        "https://example.slack.com/archives/C012/p345",
        "https://www.meetup.com/some-group/events/1",
        "https://github.com/example/zoom.us",
        "Tel: +49 30 1234567\nAna Example",
        "Order 4711-0815-42 arrives at 10:30-12:30, call us",
        "and/or 24/7",
    ],
)
def test_what_does_not_lead_into_a_meeting_is_no_link(text):
    assert conference_links(text) == ()


@pytest.mark.parametrize(
    ("wrapped", "link"),
    [
        (
            "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fzoom.us%2Fj%2F123%3Fpwd%3Dx&data=05%7C01",
            "https://zoom.us/j/123?pwd=x",
        ),
        (
            '<a href="https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fzoom.us%2Fj%2F1&amp;data=0">',
            "https://zoom.us/j/1",
        ),
        ("https://urldefense.com/v3/__https://zoom.us/j/123?pwd=x__;!!abc$ ", "https://zoom.us/j/123?pwd=x"),
        (
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__zoom.us_j_123-3Fpwd-3Dx&d=DwM",
            "https://zoom.us/j/123?pwd=x",
        ),
        (
            "https://www.google.com/url?q=https://meet.google.com/abc-defg-hij&sa=D",
            "https://meet.google.com/abc-defg-hij",
        ),
        (
            "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Furldefense.com%2Fv3%2F__https%3A%2F%2Fzoom.us%2Fj%2F9__%3B!!a%24",
            "https://zoom.us/j/9",
        ),
        ("https://www.google.com/url?q=https://zoom.us/j/1&q=https://zoom.us/j/2", "https://zoom.us/j/1"),
    ],
)
def test_rewritten_links_are_unwrapped(wrapped, link):
    assert conference_links(wrapped) == (link,)


@pytest.mark.parametrize(("times", "found"), [(3, ("https://zoom.us/j/1",)), (4, ())])
def test_links_wrapped_again_and_again_end(times, found):
    wrapped = "https://zoom.us/j/1"
    for _ in range(times):
        wrapped = f"https://slack-redir.net/link?url={quote(wrapped, safe='')}"
    assert conference_links(wrapped) == found


@pytest.mark.parametrize(("before", "found"), [(50_000, "https://zoom.us/j/123"), (50_001, "https://zoom.us/j/12")])
def test_fifty_thousand_characters_are_looked_at(before, found):
    assert conference_links(f"{'https://zoom.us/j/123':>{before}}") == (found,)


def test_a_rewritten_link_to_elsewhere_is_no_join_link():
    assert (
        conference_links("https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.com%2Fdoc&data=0")
        == ()
    )


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Join: meet.google.com/abc-defg-hij", ("https://meet.google.com/abc-defg-hij",)),
        ("zoom.us/j/123456789", ("https://zoom.us/j/123456789",)),
        ("zoommtg://zoom.us/join?confno=123", ("zoommtg://zoom.us/join?confno=123",)),
        ("zoommtg:// is how Zoom opens itself", ()),
        ("ask xzoommtg://zoom.us/join?confno=123", ()),
        ("write to x@zoom.us/j/1", ()),
        ("follow @zoom.us/j/1", ()),
        ("gossip:ana@example.org/", ()),
        ("sip:ana@example.org/", ("sip:ana@example.org/",)),
    ],
)
def test_links_without_https(text, links):
    assert conference_links(text) == links


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("One tap mobile\n+13462487799,,123456789#,,,,*9876# US", "tel:+13462487799,,123456789#,,,,*9876#"),
        ("<tel:+49691234567,,123456#>", "tel:+49691234567,,123456#"),
        ("Join by phone\n(US) +1 234-567-8900 PIN: 123 456 789#", "tel:+12345678900"),
        ("Dial-in: 030 1234567", "tel:0301234567"),
        ("Telefonkonferenz\nEinwahl unter +49 30 1234567, Code 99", "tel:+49301234567"),
        ("Participer par téléphone : +33 1 23 45 67 89", "tel:+33123456789"),
    ],
)
def test_dial_in_numbers(text, number):
    assert conference_links(text) == (number,)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Dial-in: 030 1234", ("tel:0301234",)),  # seven digits, written out
        ("Dial-in: 030 123", ()),
        ("tel:123-45", ("tel:12345",)),  # five, where it says that they are a number
        ("tel:123-4-", ()),
        ("Dial-in\nfor all\n+49 30 1234567", ("tel:+49301234567",)),
        ("Dial-in\nfor all\nof us\n+49 30 1234567", ()),  # three lines on
    ],
)
def test_how_much_makes_a_number(text, numbers):
    assert conference_links(text) == numbers


def test_numbers_say_nothing_more_where_there_is_a_link():
    assert conference_links(f"{TEAMS}\nOr call in (audio only)\n+49 69 1234567,,123#") == (TEAMS,)


@pytest.mark.parametrize(
    "text",
    [
        "Microsoft Teams Meeting",
        "Microsoft Teams-Besprechung",
        "Réunion Microsoft Teams",
        "Reunión de Microsoft Teams",
        "Riunione di Microsoft Teams",
        "Microsoft Teams-vergadering",
        "Reunião do Microsoft Teams",
        "Skype-Besprechung",
        "Google Meet (instructions in description)",
        "Zoom",
        "Zoom - link in invite",
        "Webex",
        "https://docs.example.com/agenda",
        "https://zoom.us/j/123",
        "zoom.us/j/123",
        "+49 30 1234567",
        "123 456 7890",
        "tel:+49301234567",
        "Microsoft Teams, Meeting ID: 123 456 789 Passcode: aBcD",
        "online",
        "Telefon",
        "par téléphone",
        "en ligne",
        "Bo calls Ana",
    ],
)
def test_a_location_that_is_a_way_to_meet_from_afar(text):
    assert read_location(text) == Location(link=True, place=False)


@pytest.mark.parametrize(
    "text",
    [
        "Room 4",
        "Zoom Room 3",
        "Phone booth 3",
        "Meeting Room",
        "Hauptstr. 12, 10115 Berlin",
        "Café Central",
        "会議室",
        "Your desk",
    ],
)
def test_a_location_that_is_a_place(text):
    assert read_location(text) == Location(link=False, place=True)


@pytest.mark.parametrize("text", ["Room 4; Microsoft Teams Meeting", "https://zoom.us/j/1, Raum 3", "Teams / Büro Ana"])
def test_a_location_that_is_both(text):
    assert read_location(text) == Location(link=True, place=True)


@pytest.mark.parametrize(("length", "place"), [(1000, True), (1001, False)])
def test_a_thousand_characters_of_a_location_are_read(length, place):
    assert read_location("Zoom".ljust(length - 1, ";") + "X") == Location(link=True, place=place)


@pytest.mark.parametrize("text", ["", " ", "-", "TBD", "n/a", "see description"])
def test_a_location_that_says_nothing(text):
    assert read_location(text) == Location()


def test_mode_is_an_axis_of_its_own():
    assert mode_of("", (), room=False) is Mode.UNSPECIFIED
    assert mode_of("", (TEAMS,), room=False) is Mode.REMOTE
    assert mode_of("Microsoft Teams Meeting", (), room=False) is Mode.REMOTE
    assert mode_of("", (TEAMS,), room=True) is Mode.HYBRID
    assert mode_of("Room 4", (TEAMS,), room=False) is Mode.HYBRID
    assert mode_of("Room 4", (), room=False) is Mode.IN_PERSON
    assert mode_of("", (), room=True) is Mode.IN_PERSON


@given(st.text(alphabet=' \n<>"()/:.?=&#+,-*@_0123456789abhjmopstuzPIN%;!', max_size=300))
def test_any_text_is_read(text):
    for link in conference_links(text):
        assert "://" in link or link.startswith(("tel:", "sip", "msteams:", "facetime:"))
    read_location(text)


@pytest.mark.parametrize(
    "piece", ["1 2 3 ", "+", "1-", "(1 ", "tel:", "dial in\n1", "https://", "a.b-", "zoom.us/j/", "sip:"]
)
def test_hostile_repetition_ends(piece):
    text = piece * (200_000 // len(piece))
    assert isinstance(conference_links(text), tuple)
    assert isinstance(read_location(text), Location)
