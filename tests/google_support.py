"""What the tests about Google share: invented people, and a connector that is signed in."""

from __future__ import annotations

from typing import Any

from api_support import Waits
from calsight.protocols import ConnectorContext
from calsight_google import GoogleConnector
from fakes.google import FakeGoogle
from fakes.google_items import person

ME = "ana@example.com"
ANA = person(ME, "Ana", self=True)
BO = person("bo@example.com", "Bo")


def signed_in(google: FakeGoogle, waits: Waits, **settings: Any) -> GoogleConnector:
    """With an access token."""
    context = ConnectorContext({"api_endpoint": google.url, "access_token": google.token(), **settings})
    return GoogleConnector(context, policy=waits.policy)
