"""The browser part of signing in: google-auth-oauthlib's flow, with what it shows and accepts adapted to calsight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import requests
from google_auth_oauthlib.flow import InstalledAppFlow
from requests.adapters import HTTPAdapter

from calsight.errors import NotSignedInError, PermissionMissingError
from calsight.kit.browser import DONE, elsewhere, opening, take_pasted

#: How long the answer that somebody pasted may take to reach ourselves (seconds).
_TIMEOUT = 30


class LoopbackFlow(InstalledAppFlow):
    """Authorization code with PKCE (RFC 8252): a browser, and a server on this machine that waits for its answer."""

    say: Callable[[str], None]
    browser: bool
    asked: frozenset[str]

    @classmethod
    def for_client(
        cls, client: Mapping[str, str], scopes: Sequence[str], *, say: Callable[[str], None], browser: bool
    ) -> LoopbackFlow:
        """A flow for an OAuth client; `browser` opens one, `say` shows the address in any case."""
        flow: LoopbackFlow = cls.from_client_config({"installed": dict(client)}, scopes)
        flow.say, flow.browser, flow.asked = say, browser, frozenset(scopes)
        return flow

    def run(self, *, patience: float) -> str:
        """The refresh token. Raises what oauthlib and requests raise, `PermissionMissingError`, `NotSignedInError`."""
        with closing(self.oauth2session):
            self.run_local_server(
                port=0,
                authorization_prompt_message="",
                success_message=DONE,
                open_browser=self.browser,
                timeout_seconds=patience,
                prompt="consent",  # without it Google gives no refresh token the second time
            )
        token = self.oauth2session.token
        granted = token.get("scope") or self.asked  # RFC 6749, 5.1: left out where it is what was asked for
        missing = self.asked - frozenset(granted.split() if isinstance(granted, str) else granted)
        if missing:
            names = ", ".join(sorted(scope.rpartition("/")[2] for scope in missing))
            raise PermissionMissingError(f"Your consent is missing for: {names}. Sign in again and tick every box.")
        if not token.get("refresh_token"):
            raise NotSignedInError("Google gave no lasting sign-in (refresh token). Sign in again.")
        return str(token["refresh_token"])

    def authorization_url(self, **options: Any) -> tuple[str, str]:
        """The address to visit, shown to the user."""
        with self._https("auth_uri") as plain:
            address, state = super().authorization_url(**options)
        if plain:
            address = "http" + address[5:]
        if self.browser:
            self.say(opening(address))
        else:
            self.say(elsewhere(address))
            take_pasted(self.redirect_uri, lambda pasted: requests.get(pasted, timeout=_TIMEOUT), self.say)
        return address, state

    def fetch_token(self, **options: Any) -> Any:
        """Exchange the code. Other scopes than those asked for are no error here: `run` says which are missing."""
        with self._https("token_uri") as plain:
            if plain:
                self.oauth2session.mount("https://", _PlainHttp())
            self.oauth2session.register_compliance_hook("access_token_response", _in_trouble)
            try:
                return super().fetch_token(include_client_id=True, **options)  # in the body, as Google documents it
            except Warning as other_scopes:
                token = getattr(other_scopes, "token", None)
                if token is None:
                    raise
                self.oauth2session.token = token
                return token

    @contextmanager
    def _https(self, name: str) -> Iterator[bool]:
        """oauthlib knows nothing but https: inside, it is told so of an address on this machine (checked before), too."""
        config = self.client_config
        plain = config[name].startswith("http://")
        self.client_config = {**config, name: "https" + config[name][4:]} if plain else config
        try:
            yield plain
        finally:
            self.client_config = config


def _in_trouble(answer: requests.Response) -> requests.Response:
    """An answer of Google's own, not that of a server in trouble (which oauthlib would take for a refusal)."""
    if answer.status_code >= 500:
        raise requests.HTTPError("the sign-in server is in trouble")
    return answer


class _PlainHttp(HTTPAdapter):
    """Sends what it is given for https over http."""

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        request.url = "http" + (request.url or "")[5:]
        return super().send(request, *arguments, **options)
