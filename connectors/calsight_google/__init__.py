"""Google Calendar: one's own and those shared with one, and through a service account those of a whole domain.

`connector.py` is what calsight calls, `client.py` asks Google, `auth.py` and `flow.py` sign in, `guide.py` leads there,
`refusals.py` and `trouble.py` turn what goes wrong into one sentence each, `translate.py` turns what Google answers into
events.
"""

from importlib.util import find_spec

# Google's libraries take half a second to import, so each is imported when it is used; that they are there is known now.
for _needed in ("googleapiclient", "google_auth_oauthlib"):
    if find_spec(_needed) is None:
        raise ModuleNotFoundError(f"No module named {_needed!r}", name=_needed)

from calsight_google.connector import GoogleConnector  # noqa: E402

__all__ = ["GoogleConnector"]
