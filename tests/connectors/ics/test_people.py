"""ATTENDEE and ORGANIZER lines as servers really write them: whom they name, on both roads."""

from __future__ import annotations

import pytest

from calsight_ics import translate
from calsight_ics.parse import parsed_person, person_line

FORMS = [
    ("ATTENDEE:mailto:bo@example.com", "bo@example.com", ""),
    ("ATTENDEE:MAILTO:Mailto:bo@example.com", "bo@example.com", ""),
    ("ATTENDEE:mailto: bo@example.com", "bo@example.com", ""),
    ("ATTENDEE:bo@example.com", "bo@example.com", ""),
    ('ATTENDEE:mailto:"bo@example.com"', "bo@example.com", ""),
    ("ATTENDEE:mailto:<bo@example.com>", "bo@example.com", ""),
    ("ATTENDEE:mailto:Bo Berg <bo@example.com>", "bo@example.com", "Bo Berg"),
    ('ATTENDEE;CN=Bo:mailto:"Berg, Bo" <bo@example.com>', "bo@example.com", "Bo"),
    ("ATTENDEE;CN=Bo:mailto:bo@example.com:", "bo@example.com", "Bo"),
    ("ATTENDEE:mailto:o'neil@example.com", "o'neil@example.com", ""),
    # A parameter that holds an address, without quotes.
    ("ORGANIZER;CN=Bo;SENT-BY=mailto:noreply@example.com:mailto:bo@example.com", "bo@example.com", "Bo"),
    ("ATTENDEE;CN=Bo;MEMBER=mailto:team@example.com:mailto:bo@example.com", "bo@example.com", "Bo"),
    # EMAIL (RFC 7986) beside a token, a URN, a path or an account.
    ('ATTENDEE;CN=Bo;EMAIL="bo@example.com":mailto:2_GEYDKMRQ@imip.me.com', "bo@example.com", "Bo"),
    (
        'ATTENDEE;CN=Bo;EMAIL="mailto:bo@example.com":urn:uuid:0b1c2d3e-0000-4000-8000-000000000001',
        "bo@example.com",
        "Bo",
    ),
    ("ATTENDEE;EMAIL=bo@example.com:/1234567/principal/", "bo@example.com", ""),
    ("ATTENDEE;EMAIL=bo@example.com:mailto:bo", "bo@example.com", ""),
    ("ATTENDEE;EMAIL=bo@home.example:mailto:bo@example.com", "bo@example.com", ""),
    ("ATTENDEE:mailto:2_GEYDKMRQ@imip.me.com", "2_GEYDKMRQ@imip.me.com", ""),
    ('ORGANIZER;EMAIL="iCloud":mailto:iCloud', "iCloud", ""),
    # Paths and principals.
    ("ATTENDEE:/principals/users/bo@example.com/", "bo@example.com", ""),
    ("ATTENDEE:mailto:/principals/users/bo@example.com", "bo@example.com", ""),
    ("ATTENDEE:principal:principals/users/bo@example.com", "bo@example.com", ""),
    ("ATTENDEE;CN=Bo:principal:principals/users/bo", "principal:principals/users/bo", "Bo"),
    ("ATTENDEE;CN=Bo:mailto:/o=Example/ou=Group/cn=Recipients/cn=bo", "/o=Example/ou=Group/cn=Recipients/cn=bo", "Bo"),
    # Names in the place of addresses.
    ("ORGANIZER:mailto:Nextcloud", "Nextcloud", ""),
    ("ATTENDEE:CUTYPE=INDIVIDUAL;CN=bo@example.com:mailto:Bo Berg", "", "Bo Berg"),
    ("ATTENDEE:mailto:Bo Berg", "", "Bo Berg"),
    ("ATTENDEE;CN=Jo Ek:mailto:Jo Ek@example.com", "Jo Ek@example.com", "Jo Ek"),
    ("ATTENDEE;CN=Bo:invalid:nomail", "", "Bo"),
]


@pytest.mark.parametrize(("line", "address", "name"), FORMS)
@pytest.mark.parametrize("read", [person_line, parsed_person])
def test_whom_a_line_names(line, address, name, read):
    value = read(line)
    who = translate.attendee_of(value) if line.startswith("ATTENDEE") else translate.organizer_of(value)
    assert who is not None
    assert (who.address, who.name) == (address, name)
