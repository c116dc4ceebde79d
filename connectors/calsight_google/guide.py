"""What `calsight connect google` says to somebody who has no OAuth client yet, and to somebody whom Google stopped."""

from __future__ import annotations

_CONSOLE = "https://console.cloud.google.com"
CLIENTS = f"{_CONSOLE}/auth/clients"

STEPS = f"""\
Google wants to know which program reads your calendar, so you give calsight an OAuth client of your own. It is free, takes ten
minutes, and is needed once. In a browser, signed in to Google:

 1. Make a project (any name):               {_CONSOLE}/projectcreate
 2. Enable the Google Calendar API in it:    {_CONSOLE}/apis/library/calendar-json.googleapis.com
 3. Name the app ("calsight", your address): {_CONSOLE}/auth/overview
    As audience choose Internal if your organisation offers it, else External.
 4. If External: add yourself as a test user: {_CONSOLE}/auth/audience
    Publish the app there as well, or Google ends every sign-in after seven days.
 5. Create a client of the type "Desktop app": {CLIENTS}
    Download its JSON, or copy its ID and secret.

Where your organisation does not let you do this, an exported calendar works as well: Google Calendar, Settings, Import &
export, Export; then `calsight report FILE.zip`. Or give the secret address of your calendar (Settings, your calendar,
Integrate calendar): `calsight report https://calendar.google.com/calendar/ical/…`."""

#: What the browser may have shown while nobody came back, and what to do about each.
ERROR_PAGES = f"""\
If the browser showed an error page:
 - "Access blocked: … has not completed the Google verification process": add yourself as a test user, {_CONSOLE}/auth/audience
 - "Google hasn't verified this app": that is your own app; choose Advanced, then Go to calsight
 - "Error 400: admin_policy_enforced": your organisation's administrator must trust the app (Admin console, API controls)
 - "Error 400: policy_enforced": your account has Advanced Protection; read an exported calendar instead
 - "Error 401: invalid_client" or "deleted_client": the client is gone; make one anew, {CLIENTS}
 - "Error 400: redirect_uri_mismatch": the client is not of the type "Desktop app"; make one of that type
 - "Error 403: org_internal": sign in with an account of the app's organisation"""
