"""Outlook and Microsoft 365: one's own calendars, those shared with one, and a tenant's mailboxes for an application.

`connector.py` is what calsight calls; `account.py` and `mailbox.py` say whose calendars these are, `schedules.py` when others
are busy. `course.py` is the course of a fetch: what has changed (`changes.py`), or all there is (`view.py`). `graph.py` asks
Microsoft Graph, `auth.py` (with `login_host.py`, `registration.py`, `cache.py`) signs in and stays so, `guide.py` leads
there, `refusals.py` and `trouble.py` turn what goes wrong into one sentence each, `translate.py` (with `zones.py`) turns what
Graph answers into events.
"""

from importlib.util import find_spec

# msal takes a quarter of a second to import, so it is imported when it is used; that it is there is known now.
for _needed in ("msal", "msal_extensions"):
    if find_spec(_needed) is None:
        raise ModuleNotFoundError(f"No module named {_needed!r}", name=_needed)

from calsight_outlook.connector import OutlookConnector  # noqa: E402

__all__ = ["OutlookConnector"]
