"""Microsoft's login host of our own: a real HTTP server on loopback, which msal reaches under its own names.

    with FakeGraph() as graph, FakeLogin(graph) as login:
        connector = OutlookConnector(context, session=login.session)

A session from `login.session` leads `https://login.microsoftonline.com` (and the national clouds' hosts) here and leaves the
rest alone, so msal runs unchanged. It does discovery, the authorization code with PKCE (answered by form_post), device codes,
refresh with rotation, and client credentials by secret or signed assertion; and it refuses as Entra does.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import requests
from requests.adapters import HTTPAdapter

from calsight_outlook.graph import Session
from fakes.graph import READ, FakeGraph
from fakes.graph_items import ME
from fakes.server import Answer, Request, Server

WORLD = "login.microsoftonline.com"
HOSTS = (WORLD, "login.microsoftonline.us", "login.partner.microsoftonline.cn")
CLIENT = "00000000-1111-2222-3333-444444444444"
TENANT = "99999999-8888-7777-6666-555555555555"


class _Redirected(HTTPAdapter):
    """Sends what is meant for a login host to the fake."""

    def __init__(self, origin: str) -> None:
        super().__init__()
        self._origin = origin

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        request.headers["X-Meant-For"] = str(parts.hostname)
        request.url = self._origin + parts.path + (f"?{parts.query}" if parts.query else "")
        return super().send(request, *arguments, **options)


def entra_error(code: int, error: str = "invalid_grant", suberror: str = "", status: int = 400) -> Answer:
    """A refusal as Entra words it: with the address of whoever wanted to sign in."""
    text = f"AADSTS{code}: It is not possible for ana@example.com. Trace ID: 1 Correlation ID: 2"
    more = {"suberror": suberror} if suberror else {}
    return Answer.json({"error": error, "error_description": text, "error_codes": [code], **more}, status)


class FakeLogin(Server):
    """One tenant, one app registration, and Ana, who consents at once."""

    def __init__(self, graph: FakeGraph) -> None:
        super().__init__()
        self.graph = graph
        self.user = ME
        self.refusal: Answer | None = None
        self.secret = "app-secret~1"
        self.certificate = ""
        self.mailboxes: tuple[str, ...] = ()
        self.pending = 0
        self.expires_in = 3599
        self.meets_claims = True
        self.scopes = READ  # what an application was granted
        self.refresh_tokens: dict[str, tuple[str, str]] = {}
        self._codes: dict[str, Mapping[str, str]] = {}
        self._devices: dict[str, str] = {}

    def session(self) -> requests.Session:
        made = Session()
        for host in HOSTS:
            made.mount(f"https://{host}/", _Redirected(self.origin))
        return made

    def visit(self, address: str) -> None:
        """What a browser does whose user is Ana: she signs in, and the page posts its answer to the redirect address."""
        query = dict(parse_qsl(urlsplit(address).query))
        assert (query["client_id"], query["code_challenge_method"]) == (CLIENT, "S256")
        assert query["response_mode"] == "form_post"
        answer = {"state": query["state"]}
        if self.refusal is not None:
            told = json.loads(self.refusal.body)
            answer |= {"error": told["error"], "error_description": told["error_description"]}
        else:
            answer["code"] = secrets.token_urlsafe(12)
            self._codes[answer["code"]] = query
        requests.post(query["redirect_uri"], data=answer, timeout=10)

    def revoke_all(self) -> None:
        """As when a password is changed."""
        self.refresh_tokens.clear()
        self.graph.grants.clear()
        self.refusal = entra_error(50173)

    # --- answering ------------------------------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        host = f"https://{request.headers.get('x-meant-for', WORLD)}"
        if request.path == "/common/discovery/instance":
            names = [{"preferred_network": one, "preferred_cache": one, "aliases": [one]} for one in HOSTS]
            endpoint = f"{host}/common/v2.0/.well-known/openid-configuration"
            return Answer.json({"tenant_discovery_endpoint": endpoint, "metadata": names})
        tenant, _, rest = request.path.lstrip("/").partition("/")
        match rest:
            case "v2.0/.well-known/openid-configuration":
                return Answer.json(
                    {
                        "issuer": f"{host}/{TENANT}/v2.0",
                        "authorization_endpoint": f"{host}/{tenant}/oauth2/v2.0/authorize",
                        "token_endpoint": f"{host}/{tenant}/oauth2/v2.0/token",
                        "device_authorization_endpoint": f"{host}/{tenant}/oauth2/v2.0/devicecode",
                    }
                )
            case "oauth2/v2.0/devicecode":
                return self._device(request.form)
            case "oauth2/v2.0/token":
                return self._token(request.form)
        return Answer.json({"error": "invalid_request"}, 404)

    def _device(self, form: Mapping[str, str]) -> Answer:
        if form["client_id"] != CLIENT:
            return entra_error(700016, "unauthorized_client")
        code = secrets.token_urlsafe(12)
        self._devices[code] = form["scope"]
        return Answer.json(
            {
                "device_code": code,
                "user_code": "ABCD1234",
                "verification_uri": "https://microsoft.com/devicelogin",
                "expires_in": 900,
                "interval": 0,
                "message": "Visit it.",
            }
        )

    def _token(self, form: Mapping[str, str]) -> Answer:
        if form["client_id"] != CLIENT:
            return entra_error(700016, "unauthorized_client")
        match form["grant_type"]:
            case "client_credentials":
                return self._application(form)
            case "authorization_code":
                query = self._codes.pop(form["code"])
                proof = hashlib.sha256(form["code_verifier"].encode()).digest()
                challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
                if challenge != query["code_challenge"] or form["redirect_uri"] != query["redirect_uri"]:
                    return entra_error(501481)
                return self._granted(query["scope"], query.get("nonce", ""), wanted=query.get("claims", ""))
            case "urn:ietf:params:oauth:grant-type:device_code":
                with self.lock:
                    self.pending -= 1
                    if self.pending >= 0:
                        return entra_error(70016, "authorization_pending")
                if self.refusal is not None:
                    return self.refusal
                return self._granted(self._devices[form["device_code"]], wanted=form.get("claims", ""))
            case "refresh_token":
                if self.refusal is not None:
                    return self.refusal
                with self.lock:
                    known = self.refresh_tokens.get(form["refresh_token"])
                return self._granted(known[1], wanted=form.get("claims", "")) if known else entra_error(9002313)
        return entra_error(70003, "unsupported_grant_type")

    def _application(self, form: Mapping[str, str]) -> Answer:
        if self.refusal is not None:
            return self.refusal
        assert form["scope"].endswith("/.default")
        if "client_assertion" in form:
            try:
                jwt.decode(
                    form["client_assertion"], self.certificate, ["PS256", "RS256"], options={"verify_aud": False}
                )
            except jwt.InvalidTokenError:
                return entra_error(700027, "invalid_client", status=401)
        elif form.get("client_secret") != self.secret:
            return entra_error(7000215, "invalid_client", status=401)
        token = self.graph.token("", self.scopes, self.mailboxes, claims=self._met(form.get("claims", "")))
        return Answer.json({"token_type": "Bearer", "expires_in": self.expires_in, "access_token": token})

    def _met(self, claims: str) -> str:
        """The claims that a token made now meets."""
        assert "CP1" in claims, f"msal did not say that claims can be met: {claims}"
        return claims if self.meets_claims else ""

    def _granted(self, scope: str, nonce: str = "", *, wanted: str = "") -> Answer:
        asked = [one for one in scope.split() if "/" in one]
        short = frozenset(one.rpartition("/")[2] for one in asked)
        refresh = f"0.AX{secrets.token_urlsafe(24)}"
        with self.lock:
            self.refresh_tokens[refresh] = (self.user, scope)
        claims = {
            "aud": CLIENT,
            "iss": f"https://{WORLD}/{TENANT}/v2.0",
            "exp": int(time.time()) + 3600,
            "iat": int(time.time()),
            "oid": f"oid-{self.user}",
            "sub": "s",
            "tid": TENANT,
            "preferred_username": self.user,
            **({"nonce": nonce} if nonce else {}),
        }
        info = {"uid": f"oid-{self.user}", "utid": TENANT}
        return Answer.json(
            {
                "token_type": "Bearer",
                "scope": " ".join(asked),
                "expires_in": self.expires_in,
                "access_token": self.graph.token(self.user, short, claims=self._met(wanted) if wanted else ""),
                "refresh_token": refresh,
                "id_token": jwt.encode(claims, "k" * 32, "HS256"),
                "client_info": base64.urlsafe_b64encode(json.dumps(info).encode()).decode().rstrip("="),
            }
        )
