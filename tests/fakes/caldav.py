"""A CalDAV server for what no real one does when asked: rate limits, cut connections, answers in parts, forgotten tokens.

It keeps to RFC 4791 and 6578 as far as calsight asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from fakes.server import Answer, Request, Server, Trouble

USER, PASSWORD = "ana@example.com", "s3cret-pass"
_XML = {"Content-Type": "application/xml; charset=utf-8"}
_HOME = "/dav/calendars/ana/"
WORK = f"{_HOME}job/"


def refuse(status: int, **headers: str) -> Trouble:
    """An answer that is none, as WebDAV servers and those before them give it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Trouble(Answer(status, {**_XML, **named}, b'<?xml version="1.0"?><error xmlns="DAV:"/>'))


@dataclass
class FakeCaldav(Server):
    """One user with one calendar. `part` is how many changes it tells at once; tokens below `oldest` are forgotten.

    The token of a part that is not the last ends in "p".

    stale    the status with which it says so
    most     how many entries it lists at once
    syncs    whether it has sync tokens at all; without them it has a collection tag
    owner    the principal whose the calendar is, where it is said
    """

    part: int = 1000
    oldest: int = 0
    stale: int = 403
    most: int = 1000
    syncs: bool = True
    owner: str = ""
    entries: dict[str, tuple[int, str]] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    version: int = 1

    @property
    def url(self) -> str:
        return f"{self.origin}/dav/"

    def put(self, name: str, data: str) -> None:
        with self.lock:
            self.version += 1
            self.entries[name] = (self.version, data)
            self.gone.pop(name, None)

    def remove(self, name: str) -> None:
        with self.lock:
            self.version += 1
            del self.entries[name]
            self.gone[name] = self.version

    def forget_tokens(self) -> None:
        self.oldest = self.version + 1

    def answer(self, request: Request) -> Answer:
        if "authorization" not in request.headers:
            return Answer(401, {"WWW-Authenticate": 'Basic realm="x"'}, b"")
        body = request.body.decode()
        if request.method == "PROPFIND":
            return self._found(request.path)
        if "sync-collection" in body:
            return self._changes(body)
        if "calendar-multiget" in body:
            return self._contents(re.findall(r"<d:href>[^<]*/([^<]*)</d:href>", body))
        return self._listed(*re.findall(r"<c:time-range start=\"(\w+)\" end=\"(\w+)\"/>", body)[0])

    def _listed(self, start: str, end: str) -> Answer:
        """Those that begin in a span of time, or recur; only some if there are too many, as RFC 4791, 7.8 has it."""
        begin = {name: re.search(r"DTSTART[^:]*:(\d{8})", data) for name, (_, data) in self.entries.items()}
        names = [
            name
            for name in sorted(self.entries)
            if (found := begin[name]) is None or start[:8] <= found[1] <= end[:8] or "RRULE" in self.entries[name][1]
        ]
        more = f"<response><href>{WORK}</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
        told = [_tagged(name, self.entries[name][0]) for name in names[: self.most]]
        return _multistatus([*told, more] if len(names) > self.most else told)

    def _found(self, path: str) -> Answer:
        if path == "/dav/":
            return _multistatus(
                [_response("/dav/", "<current-user-principal><href>/dav/ana/</href></current-user-principal>")]
            )
        if path == "/dav/ana/":
            home = f"<c:calendar-home-set><href>{_HOME}</href></c:calendar-home-set>"
            addresses = f"<c:calendar-user-address-set><href>mailto:{USER}</href></c:calendar-user-address-set>"
            return _multistatus([_response(path, home + addresses)])
        kind = "<resourcetype><collection/><c:calendar/></resourcetype><displayname>Work</displayname>"
        reports = "<report><sync-collection/></report>" if self.syncs else ""
        token = f"<sync-token>t{self.version}</sync-token>" if self.syncs else ""
        tag = f"<s:getctag>{self.version}</s:getctag><supported-report-set>{reports}</supported-report-set>"
        owner = f"<owner><href>{self.owner}</href></owner>" if self.owner else ""
        return _multistatus([_response(WORK, kind + owner + token + tag)])

    def _changes(self, body: str) -> Answer:
        found = re.search(r"<d:sync-token>t(\d+)p?</d:sync-token>", body)
        since = int(found[1]) if found else -1
        if since < self.oldest:
            cause = b'<?xml version="1.0"?><error xmlns="DAV:"><valid-sync-token/></error>'
            return Answer(self.stale, _XML, cause)
        changes = [(version, _tagged(name, version)) for name, (version, _) in self.entries.items() if version > since]
        changes += [
            (version, f"<response><href>{WORK}{name}</href><status>HTTP/1.1 404 Not Found</status></response>")
            for name, version in self.gone.items()
            if version > since
        ]
        changes.sort()
        told, rest = changes[: self.part], changes[self.part :]
        token = f"t{told[-1][0]}p" if rest else f"t{self.version}"
        more = (
            f"<response><href>{WORK}</href><status>HTTP/1.1 507 Insufficient Storage</status></response>"
            if rest
            else ""
        )
        return _multistatus([*(text for _, text in told), more], f"<sync-token>{token}</sync-token>")

    def _contents(self, names: list[str]) -> Answer:
        with self.lock:
            return _multistatus(
                _response(WORK + name, f"<getetag>{self.entries[name][0]}</getetag>"
                          f"<c:calendar-data>{escape(self.entries[name][1])}</c:calendar-data>")
                for name in names
                if name in self.entries
            )  # fmt: skip


def _tagged(name: str, version: int) -> str:
    return _response(WORK + name, f"<getetag>{version}</getetag>")


def _response(href: str, props: str) -> str:
    return f"<response><href>{href}</href><propstat><prop>{props}</prop><status>HTTP/1.1 200 OK</status></propstat></response>"


def _multistatus(responses: Iterable[str], more: str = "") -> Answer:
    spaces = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'
    text = "".join(responses)
    return Answer(207, _XML, f'<?xml version="1.0"?><multistatus {spaces}>{text}{more}</multistatus>'.encode())


# --- for benchmarks -----------------------------------------------------------------------------------------------------------


def calendar_data(lines: list[str], zone: str) -> str:
    """An entry as servers store it: with its zone, and long lines folded."""
    folded = ["\r\n ".join(line[at : at + 74] for at in range(0, len(line), 74)) for line in lines]
    around = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//test//EN", *_BERLIN, "BEGIN:VEVENT"]
    return "\r\n".join([*around, *folded, "END:VEVENT", "END:VCALENDAR", ""])


def contents(entries: Mapping[str, str], *, more: bool) -> bytes:
    """What a multiget answers; `more` says that there is another page."""
    answer = _multistatus(
        _response(WORK + name, f"<getetag>1</getetag><c:calendar-data>{escape(data)}</c:calendar-data>")
        for name, data in entries.items()
    )
    return answer.body.replace(b"<multistatus", b'<multistatus more="yes"', 1) if more else answer.body


_BERLIN = (
    *(
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
    ),
    *("DTSTART:19700329T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT", "BEGIN:STANDARD"),
    *("TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "TZNAME:CET", "DTSTART:19701025T030000"),
    *("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD", "END:VTIMEZONE"),
)
