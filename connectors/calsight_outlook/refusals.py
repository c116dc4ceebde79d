"""Why Microsoft's login host refuses: its codes, and for each the cause and the next step in a sentence.

The codes are those of https://learn.microsoft.com/entra/identity-platform/reference-error-codes. Microsoft warns that they may
change; what no row knows is said with its number, so that it can be looked up. Nothing of Microsoft's text is passed on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calsight.errors import CalsightError, NotSignedInError, PermissionMissingError, SettingsError
from calsight.kit.answers import Service
from calsight.kit.browser import PATIENCE

#: What we say of ourselves where nobody comes back from the browser.
TIMED_OUT = "calsight_timeout"
_CODE = re.compile(r"AADSTS(\d{5,8})")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One cause, by its codes, or where no code says it by OAuth's `error` or Microsoft's `suberror`.

    sentence        what is said; {anew} is how to be signed in again, {sign_in} the command for it
    application     what is said instead where an application reads without a user; "" where that is the same
    """

    error: type[CalsightError]
    sentence: str
    codes: frozenset[int] = frozenset()
    errors: frozenset[str] = frozenset()
    suberrors: frozenset[str] = frozenset()
    application: str = ""


def _row(
    error: type[CalsightError], sentence: str, *codes: int, says: tuple[str, ...] = (), application: str = ""
) -> Refusal:
    """A row; `says` are values of `error` or `suberror`, which do not overlap."""
    words = frozenset(says)
    return Refusal(error, sentence, frozenset(codes), words, words, application)


_REGISTRATION = "the app registration (https://entra.microsoft.com, App registrations)"
_SETTING = "Write under [connectors.outlook] in the settings: authority = "
_LOGIN = "https://login.microsoftonline.com"

TABLE: tuple[Refusal, ...] = (
    _row(
        NotSignedInError,
        "You did not give your consent, so calsight is not signed in. To try again: {sign_in}",
        65004,
        says=("authorization_declined", "access_denied"),
    ),
    _row(
        NotSignedInError,
        f"Nobody signed in within {PATIENCE // 60} minutes. Try again: {{sign_in}}",
        says=(TIMED_OUT,),
    ),
    _row(
        NotSignedInError,
        "The code expired before anybody typed it. Try again: {sign_in}",
        70019,
        says=("expired_token", "code_expired"),
    ),
    # --- the registration
    _row(
        NotSignedInError,
        "Microsoft does not accept this application's secret or certificate: it is wrong or has expired. Make a new one in "
        "the app registration (Certificates & secrets), and write it into the settings.",
        *(7000215, 7000222, 700027, 7000212, 7000216, 70002, 700030, 50012, 50013),
    ),
    _row(
        SettingsError,
        f"The app registration does not let a program on a computer sign in. In {_REGISTRATION}, under Authentication, add the "
        'platform "Mobile and desktop applications" with the redirect URI http://localhost and set "Allow public client '
        'flows" to Yes.',
        *(50011, 7000218, 700054, 70004, 900971),
    ),
    _row(
        SettingsError,
        "Microsoft does not let this app registration sign in: the tenant that authority names has none with this client_id. "
        f"Compare client_id and authority under [connectors.outlook] in the settings with {_REGISTRATION}.",
        *(700016, 700011),
        says=("unauthorized_client", "invalid_client"),
    ),
    _row(
        PermissionMissingError,
        "This app registration is disabled. Ask an administrator to enable it (Entra admin centre, Enterprise applications, "
        "this app, Properties, Enabled for users to sign in).",
        *(7000112, 70001, 1000031),
    ),
    _row(
        SettingsError,
        f"The app registration does not list what calsight asks for. In {_REGISTRATION}, under API permissions, add Microsoft "
        "Graph, Delegated permissions, Calendars.Read and User.Read (and what scopes in the settings names besides).",
        *(65005, 650056, 650057, 70011),
        application=f"The app registration does not list what calsight asks for. In {_REGISTRATION}, under API permissions, "
        "see which application permissions it has.",
    ),
    _row(
        SettingsError,
        f'This app registration is for one organisation only, and authority does not name it. {_SETTING}"{_LOGIN}/TENANT", '
        "where TENANT is the Directory (tenant) ID on the registration's Overview page.",
        *(50194, 90130, 90124, 9001023),
    ),
    _row(
        SettingsError,
        f'This app registration is for personal Microsoft accounts only. {_SETTING}"{_LOGIN}/consumers".',
        9002331,
    ),
    _row(
        SettingsError,
        f'This app registration is for accounts of organisations only. {_SETTING}"{_LOGIN}/organizations", and sign in with '
        "such an account.",
        9002332,
    ),
    _row(
        SettingsError,
        "This is a personal Microsoft account, and the app registration does not take those. Sign in with an account of your "
        f"organisation, or let {_REGISTRATION} take personal accounts, too (Authentication, Supported account types).",
        *(500200, 500208),
    ),
    # --- the tenant
    _row(
        SettingsError,
        "There is no such tenant as connectors.outlook.authority names, or it is in another of Microsoft's clouds: check the "
        "authority.",
        *(90002, 900023, 500011, 90038, 90051),
    ),
    _row(
        SettingsError,
        "This account does not belong to the tenant that connectors.outlook.authority names: sign in with an account of that "
        "tenant, ask its administrator to invite yours as a guest, or name your own tenant as authority.",
        *(50020, 90072, 16000, 16003, 50014, 50034, 51004),
    ),
    _row(
        PermissionMissingError,
        "Your organisation, that tenant or the network here lets nobody sign in from one to the other. Sign in from another "
        "network, or ask the administrator to allow it (cross-tenant access, tenant restrictions).",
        *(50002, 500021, 500022, 500212, 500213),
    ),
    # --- consent, and who may use the app
    _row(
        PermissionMissingError,
        "Your organisation has not assigned this app to you. Ask an administrator to add you (Entra admin centre, Enterprise "
        "applications, this app, Users and groups).",
        50105,
    ),
    _row(
        PermissionMissingError,
        "Your organisation lets an administrator only consent to calsight. Ask one to grant Calendars.Read and User.Read to "
        "the app registration (Entra admin centre, Enterprise applications, Permissions).",
        *(90093, 90094, 90095, 900941, 650052, 650054),
    ),
    _row(
        PermissionMissingError,
        "Your consent to Calendars.Read is missing. Sign in again and give it: {sign_in}",
        *(65001, 90008),
        says=("consent_required",),
        application="An administrator has not granted this application its permissions: Calendars.Read, limited to the "
        "mailboxes to read by RBAC for Applications in Exchange Online.",
    ),
    # --- conditions that an organisation sets
    _row(
        NotSignedInError,
        "Your organisation's Conditional Access does not allow this sign-in from here: it asks for a managed device, an "
        "approved app, a browser in place of a code, or another network. Sign in from such a device ({sign_in}), or ask your "
        "administrator to allow the app.",
        *(50005, 50097, 50129, 50131, 50155, 50158, 50187, 53000, 53001, 53002, 53003, 53004, 53009, 53010, 53011),
        *(530002, 530003, 530032, 530033, 530034, 530035),
        says=("message_only", "additional_action", "protection_policy_required"),
        application="Your organisation's Conditional Access does not let this application sign in from here. Ask your "
        "administrator to allow it (workload identities).",
    ),
    _row(
        NotSignedInError,
        "Your organisation asks for a second factor again. {anew}",
        *(50072, 50074, 50076, 50078, 50079),
        says=("basic_action",),
    ),
    # --- the sign-in ended
    _row(
        NotSignedInError,
        "Microsoft has revoked this sign-in, because the password was changed or an administrator ended it. {anew}",
        *(50173, 50132, 50133, 700003),
    ),
    _row(
        NotSignedInError,
        "This sign-in has expired, as it was not used for long or your organisation limits it. {anew}",
        *(70008, 70043, 700082, 700084, 50089),
        says=("token_expired", "bad_token"),
    ),
    # --- the account
    _row(
        NotSignedInError,
        "The password of this account has expired or must be changed. Change it by signing in to Outlook on the web, and then: "
        "{sign_in}",
        *(50055, 50135, 50144),
    ),
    _row(
        NotSignedInError,
        "This account is locked for a while, after too many tries or because Microsoft saw something odd. Wait, or ask your "
        "administrator; then: {sign_in}",
        50053,
    ),
    _row(
        NotSignedInError,
        "Microsoft does not let this account sign in: it, or this device, is disabled. Ask your administrator.",
        *(50057, 135011),
    ),
    _row(
        NotSignedInError,
        "Microsoft did not accept the password of this account. Try again: {sign_in}",
        *(50126, 50056),
    ),
    _row(
        NotSignedInError,
        "Microsoft has ended this sign-in. {anew}",
        *(9002313, 70000, 700020),
        says=("invalid_grant", "interaction_required", "login_required"),
    ),
)

#: The codes that an administrator's consent mends.
ADMIN_CONSENT = next(row.codes for row in TABLE if 90094 in row.codes)

#: Trouble of the login host's own, which passes.
TRANSIENT = frozenset(
    {90033, 90006, 90012, 90024, 90055, 90090, 90091, 50033, 50087, 50166, 70012, 40010, 80001, 80002, 80005}
)
_TRANSIENT_ERRORS = frozenset({"temporarily_unavailable", "service_not_available", "server_error"})

#: An application's secret is refused without a code of its own.
_SECRET = next(row for row in TABLE if 7000215 in row.codes)


def refused(result: Mapping[str, Any], service: Service, *, application: bool) -> Exception:
    """The exception to raise for an answer of msal's that holds no token: `Transient` where trying again helps."""
    error, suberror, codes = str(result.get("error", "")), str(result.get("suberror", "")), codes_of(result)
    if codes & TRANSIENT or error in _TRANSIENT_ERRORS:
        return service.sign_in_trouble()
    row = (
        next((row for row in TABLE if codes & row.codes), None)
        or (_SECRET if application and error == "invalid_client" else None)
        or next((row for row in TABLE if suberror in row.suberrors), None)
        or next((row for row in TABLE if error in row.errors), None)
    )
    if row is None:
        number = f" (AADSTS{min(codes)}: https://login.microsoftonline.com/error?code={min(codes)})" if codes else ""
        return NotSignedInError(f"Microsoft refused the sign-in{number}. {service.anew}")
    sentence = (application and row.application) or row.sentence
    return row.error(sentence.format(anew=service.anew, sign_in=service.sign_in))


def codes_of(result: Mapping[str, Any]) -> set[int]:
    """The numbers of the codes in an answer."""
    listed = result.get("error_codes")
    found = {code for code in listed if isinstance(code, int)} if isinstance(listed, list) else set()
    return found | {int(code) for code in _CODE.findall(str(result.get("error_description", "")))}
