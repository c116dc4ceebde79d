"""CalDAV: Nextcloud, iCloud, Fastmail and other services, and servers of one's own.

`connector.py` is what calsight calls. `dav.py` asks a server, in the words of `xml.py`, as far as `reach.py` goes; `trouble.py`
turns what goes wrong into one sentence each. `account.py` finds whoever is signed in and their calendars, `course.py` is the
course of a fetch, `busy.py` asks when others are busy. `signin.py` signs in and stays so, `finding.py` finds the server of an
e-mail address, `services.py` knows the well-known ones, `nextcloud.py` signs in to that one through the browser. What an entry
means, `calsight_ics.read_objects` says.
"""

from importlib.util import find_spec

# It is imported when it is used; that it is there is known now.
if find_spec("dns") is None:
    raise ModuleNotFoundError("No module named 'dns'", name="dns")

from calsight_caldav.connector import CaldavConnector

__all__ = ["CaldavConnector"]
