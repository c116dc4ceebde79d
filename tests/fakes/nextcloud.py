"""Nextcloud's login flow v2 before a server of its own: what no real server here does.

https://docs.nextcloud.com/server/latest/developer_manual/client_apis/LoginFlow/index.html
"""

from __future__ import annotations

from dataclasses import dataclass, field

import requests

from fakes.server import Answer, Request, Server


@dataclass
class FakeNextcloud(Server):
    """`behind` is the CalDAV server that it stands before; `granted` says whether the user has allowed calsight in;
    `name` is the address under which people know it, if that is not its own.
    """

    behind: str = ""
    user: str = ""
    password: str = "app-password"
    granted: bool = False
    name: str = ""
    revoked: list[str] = field(default_factory=list)

    @property
    def known_as(self) -> str:
        return self.name or self.origin

    def answer(self, request: Request) -> Answer:
        match request.path:
            case "/status.php":
                return Answer.json({"installed": True, "productname": "Nextcloud", "versionstring": "31.0.0"})
            case "/index.php/login/v2":
                poll = {"token": "poll-token", "endpoint": f"{self.known_as}/login/v2/poll"}
                return Answer.json({"poll": poll, "login": f"{self.known_as}/login/v2/flow/secret"})
            case "/login/v2/flow/secret":
                self.granted = True
                return Answer(200, {}, b"allowed")
            case "/login/v2/poll":
                if not self.granted or request.form != {"token": "poll-token"}:
                    return Answer.json([], 404)
                return Answer.json({"server": self.known_as, "loginName": self.user, "appPassword": self.password})
            case "/ocs/v2.php/core/apppassword":
                self.revoked.append(request.headers["authorization"])
                return Answer.json({})
        return self.passed_on(request)

    def passed_on(self, request: Request) -> Answer:
        """What is below /remote.php/dav is the other server's."""
        if not self.behind or not request.path.startswith("/remote.php/dav"):
            return Answer(404, {}, b"")
        path = request.path.removeprefix("/remote.php/dav")
        headers = {
            key: request.headers[key] for key in ("depth", "content-type", "authorization") if key in request.headers
        }
        named = request.body.replace(b"/remote.php/dav", b"")
        got = requests.request(
            request.method, f"{self.behind.rstrip('/')}{path}", data=named, headers=headers, timeout=30
        )
        kind = {"Content-Type": got.headers.get("Content-Type", "text/xml")}
        if challenge := got.headers.get("WWW-Authenticate"):
            kind["WWW-Authenticate"] = challenge
        return Answer(got.status_code, kind, got.content.replace(b"href>/", b"href>/remote.php/dav/"))
