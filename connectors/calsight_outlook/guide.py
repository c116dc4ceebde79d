"""What `calsight connect outlook` says to somebody who has no app registration yet, and to somebody whom Microsoft stopped."""

from __future__ import annotations

_ENTRA = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps"

STEPS = f"""\
Microsoft wants to know which program reads your calendar, so you give calsight an app registration of your own, once:

 1. Register an app (any name): {_ENTRA}/CreateApplicationBlade
    Supported account types: "Personal Microsoft accounts only" for Outlook.com; "this organizational directory only" for your
    organisation; else "any organizational directory and personal Microsoft accounts".
 2. Manage, Authentication, Add a platform, "Mobile and desktop applications": the redirect URI http://localhost
    On the same page, under Advanced settings: "Allow public client flows", Yes.
 3. Manage, API permissions, Add a permission, Microsoft Graph, Delegated permissions: Calendars.Read and User.Read
 4. Overview: copy the Application (client) ID; for one organisation also the Directory (tenant) ID.

A personal account without a directory can no longer register apps: use one of an organisation, or join the Microsoft 365
Developer Program. Where you cannot register an app at all, publish the calendar instead (Outlook on the web, Settings,
Calendar, Shared calendars, Publish a calendar, Can view all details) and read its ICS address: `calsight report
https://outlook.…/calendar.ics`. Published calendars name no participants; an export of classic Outlook (File, Save
Calendar) names them."""

#: What is asked of somebody who did not say whose account it is, and what each answer is called.
WHOSE = "Whose account do you sign in with?"
KINDS = (
    ("personal (Outlook.com, Hotmail)", "personal"),
    ("of one organisation, which has registered the app for itself", ""),
    ("any: the app is registered for organisations and personal accounts", "any"),
)
WHICH_TENANT = "Its tenant: the domain (contoso.com), or the Directory (tenant) ID on the app's Overview page:"

#: What the browser may have shown while nobody came back, and what to do about each.
ERROR_PAGES = """\
If the browser showed an error page:
 - "Need admin approval": an administrator must consent to the app; the address for that is below
 - "AADSTS50011" (redirect URI): add http://localhost under Authentication, "Mobile and desktop applications"
 - "AADSTS700016" (application not found) or "AADSTS50194" (not multi-tenant): the account does not fit the registration;
   name the one that does with --account personal, --account TENANT or --account any
 - "You can't access this right now": your organisation's Conditional Access wants a managed device
 - "Selected user account does not exist in tenant": sign in with an account of that organisation"""


def next_commands(sign_in: str, rest: str) -> str:
    """The commands that come after the steps, one for each kind of account. `rest` are further options."""
    return f"""\
Then, for a personal account (Outlook.com, Hotmail):
  {sign_in} --client-id ID --account personal{rest}
for one organisation, whose tenant you name:
  {sign_in} --client-id ID --account TENANT{rest}
for any of them:
  {sign_in} --client-id ID --account any{rest}"""


def admin_consent(authority: str, client_id: str) -> str:
    """The address at which an administrator consents for everybody."""
    host, _, tenant = authority.rpartition("/")
    return f"{host}/{'organizations' if tenant == 'common' else tenant}/adminconsent?client_id={client_id}"
