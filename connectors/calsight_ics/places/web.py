"""Calendars behind http(s) and webcal addresses.

The server is asked every time whether its calendar has changed (ETag, If-Modified-Since); the copy on disk is used only when
it says no. Addresses of private calendars are secrets: messages and names show the host alone.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from calsight.errors import PayloadInvalidError, PermissionMissingError, ServerTroubleError, SourceError, UsageError
from calsight.kit.access import guard
from calsight.kit.deadlines import answered_by, hung_up_at
from calsight.kit.quiet import quiet
from calsight.kit.secrets import host_of
from calsight.protocols import Access
from calsight_ics.costs import Budget
from calsight_ics.places.text import Text, readable, spooled, unpacked

if TYPE_CHECKING:
    import requests

_CHUNK = 1 << 16
_REDIRECTS = 10
_STEP_TIMEOUT = 30.0


def address_of(reference: str) -> str:
    """The http(s) address: webcal is https by another name."""
    scheme, _, rest = reference.partition("://")
    scheme = scheme.lower()
    return f"{'https' if scheme in ('webcal', 'webcals') else scheme}://{rest}"


def name_of(reference: str) -> str:
    """Scheme and host: the path of a calendar's address is often a secret. Raises `UsageError` for no address at all."""
    name = host_of(address_of(reference))
    if not name:
        raise UsageError("This is no web address. It should look like https://calendar.example.com/….ics")
    return name


def id_of(reference: str) -> str:
    """What tells the calendar of this address from others, without saying the address."""
    return f"{name_of(reference)}#{sha256(address_of(reference).encode(errors='replace')).hexdigest()[:16]}"


def download(reference: str, budget: Budget, cache_dir: Path | None, access: Access, stack: ExitStack) -> Text:
    """The calendar at an address as UTF-8 text. Raises `SourceError` with what went wrong and what to do."""
    name, limits = name_of(reference), budget.limits
    session = stack.enter_context(_session(cache_dir))
    guard(session, access)
    deadline = time.monotonic() + limits.seconds
    with quiet("urllib3", "requests", "cachecontrol"):
        response = _get(session, address_of(reference), name, deadline, limits.seconds)
        stack.callback(_close, response)
        _check(response, name)
        stream = _Body(response, name, deadline, limits.seconds)
        with hung_up_at(deadline, response):
            text = spooled(stream, name, budget, stack)
    if not len(text):
        raise PayloadInvalidError(f"{name}: the answer is empty. Check the address; make a new one in your calendar.")
    return readable(unpacked(text, name, budget, stack), name, stack)


def _session(cache_dir: Path | None) -> requests.Session:
    import requests

    session = requests.Session()
    session.max_redirects = _REDIRECTS
    session.headers["User-Agent"] = "calsight"
    session.headers["Accept"] = "text/calendar, */*;q=0.5"
    if cache_dir is not None:
        folder = cache_dir / "ics"
        with suppress(OSError):  # without a place to keep them, calendars are read all the same
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            from calsight_ics.places.kept import adapter

            session.headers["Cache-Control"] = "no-cache"  # never without asking the server
            for scheme in ("https://", "http://"):
                session.mount(scheme, adapter(folder))
    return session


def _get(session: requests.Session, address: str, name: str, deadline: float, seconds: float) -> requests.Response:
    import requests

    try:
        return _followed(session, address, deadline, seconds)
    except requests.exceptions.TooManyRedirects:
        raise ServerTroubleError(f"{name}: the server keeps redirecting. Check the address.") from None
    except requests.exceptions.SSLError:
        raise ServerTroubleError(
            f"{name}: its certificate cannot be trusted, so nothing was read. Check the address and this computer's clock."
        ) from None
    except requests.exceptions.Timeout:
        if time.monotonic() > deadline:
            raise ServerTroubleError(_too_late(name, seconds)) from None
        raise ServerTroubleError(f"{name}: the server does not answer. Try again later.") from None
    except requests.exceptions.ConnectionError as error:
        why = "there is no server of that name" if _is_name_error(error) else "the server cannot be reached"
        raise ServerTroubleError(f"{name}: {why}. Check the address and your connection.") from None
    except (requests.exceptions.RequestException, ValueError):
        raise SourceError(f"{name}: the address, or one that it leads to, cannot be opened. Check it.") from None
    except (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, TypeError):
        raise ServerTroubleError(f"{name}: the server's answer makes no sense. Try again later.") from None


def _followed(session: requests.Session, address: str, deadline: float, seconds: float) -> requests.Response:
    """The answer at the end of the redirects. Their bodies are not read, as requests would, whole."""
    import requests

    for _ in range(_REDIRECTS + 1):
        timeout = max(0.001, min(_STEP_TIMEOUT, seconds, deadline - time.monotonic()))
        ask = partial(session.get, address, stream=True, allow_redirects=False, timeout=timeout)
        response = answered_by(deadline, ask, _close)
        target = session.get_redirect_target(response)
        if target is None:
            return response
        _close(response)
        address = urljoin(address, target)
    raise requests.exceptions.TooManyRedirects


def _close(response: requests.Response) -> None:
    """Close the connection, and what the cache gathers of an answer that is not read to its end (it leaves that open)."""
    response.close()
    gathered = getattr(getattr(response.raw, "_fp", None), "_CallbackFileWrapper__buf", None)
    if gathered is not None:
        gathered.close()


def _is_name_error(error: Exception) -> bool:
    return "NameResolution" in str(error) or "getaddrinfo" in str(error) or "Name or service" in str(error)


def _check(response: requests.Response, name: str) -> None:
    status = response.status_code
    if status in (401, 403):
        raise PermissionMissingError(
            f"{name}: the server refuses ({status}). The calendar is not shared with this address, or the address was "
            "withdrawn: copy the secret iCal address from your calendar's settings again."
        )
    if status in (404, 410):
        raise SourceError(f"{name}: there is no calendar at this address ({status}). Copy it from your calendar again.")
    if status == 429 or status >= 500:
        raise ServerTroubleError(f"{name}: the server has trouble ({status}). Try again later.")
    if status != 200:
        raise SourceError(f"{name}: the server answers {status} instead of a calendar. Check the address.")


class _Body:
    """A response's body as a stream, with a deadline for the whole."""

    def __init__(self, response: requests.Response, name: str, deadline: float, seconds: float) -> None:
        self._chunks = response.iter_content(_CHUNK)
        self._name = name
        self._deadline = deadline
        self._seconds = seconds

    def read(self, size: int) -> bytes:
        import requests

        try:
            chunk = next(self._chunks, b"")
        except (requests.exceptions.RequestException, ArithmeticError, AssertionError, OSError, TypeError, ValueError):
            self._check_deadline()
            raise ServerTroubleError(f"{self._name}: the connection broke off. Try again.") from None
        self._check_deadline()
        return chunk

    def _check_deadline(self) -> None:
        if time.monotonic() > self._deadline:
            raise ServerTroubleError(_too_late(self._name, self._seconds))


def _too_late(name: str, seconds: float) -> str:
    return f"{name}: not done after {seconds:g} seconds. Try again, or raise `timeout` under [connectors.ics]."
