"""How servers are reached: over which certificates, and how far."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from calsight.errors import SettingsError
from calsight.kit.access import guard
from calsight.protocols import Access

if TYPE_CHECKING:
    import requests
    from requests.adapters import HTTPAdapter


@dataclass(frozen=True, slots=True)
class Reach:
    """What every connection is held to.

    ca_file     certificates of one's own (PEM), which alone are trusted; "" for those of the system and of requests
    access      what may be reached
    """

    ca_file: str = ""
    access: Access = field(default_factory=Access)

    def session(self, url: str) -> requests.Session:
        """A new session for addresses like that.

        Say `verify=session.verify` with each request: what the environment names would come before it.

        Raises `SettingsError` where `ca_file` holds no certificates.
        """
        import requests

        session = requests.Session()
        session.headers["User-Agent"] = "calsight"
        if url.startswith("https:"):
            session.mount("https://", self._adapter())
        session.verify = self.ca_file or True
        guard(session, self.access)
        return session

    def _adapter(self) -> HTTPAdapter:
        from requests.adapters import HTTPAdapter

        trusted = self._trusted()

        class Adapter(HTTPAdapter):
            def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
                super().init_poolmanager(*arguments, ssl_context=trusted, **options)

        return Adapter()

    def _trusted(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca_file or None)
        except (OSError, ValueError):
            pass
        raise SettingsError("connectors.caldav.ca_file cannot be read: name a file of certificates (PEM).")
