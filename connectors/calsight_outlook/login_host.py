"""Microsoft's login host, as msal asks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from calsight.kit.texts import read_json

if TYPE_CHECKING:
    import requests


class LoginHost:
    """Microsoft's login host as msal asks it: an answer of a server in trouble, or of a proxy, is never read as a refusal."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session

    def get(self, *arguments: Any, **options: Any) -> requests.Response:
        """As in requests. Raises `requests.RequestException` for an answer that is none."""
        return _sound(self._session.get(*arguments, **options))

    def post(self, *arguments: Any, **options: Any) -> requests.Response:
        """As in requests. Raises `requests.RequestException` for an answer that is none."""
        return _sound(self._session.post(*arguments, **options))

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _sound(answer: requests.Response) -> requests.Response:
    import requests

    if answer.status_code >= 500:
        raise requests.HTTPError("the login host is in trouble")
    try:
        read_json(answer.content)
    except ValueError:
        raise requests.exceptions.ContentDecodingError("that is not JSON") from None
    return answer
