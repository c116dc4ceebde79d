"""Addresses and names as they stand on invitations, in a table: `data/roles.tsv`.

The owner's organisation is corp.example, whose people have addresses like "bo.two@". `answered`: whether it ever answered.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from calsight.core.model.events import NO_CALENDAR, Attendee, PartStat
from calsight.core.model.meetings import Owner
from calsight.core.model.options import PeopleOptions
from calsight.core.people.directory import Directory
from calsight.testing import event

OWNER = Owner(("ana.example@corp.example",), "Ana Example")
COLLEAGUES = tuple(
    Attendee(f"{first}.{last}@corp.example".lower(), f"{first} {last}", PartStat.ACCEPTED)
    for first, last in (("Bo", "Two"), ("Cy", "Three"), ("Di", "Four"))
)
with (Path(__file__).parent / "data" / "roles.tsv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.reader(_file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


@pytest.mark.parametrize(("address", "name", "answered", "role"), ROWS)
def test_what_a_line_stands_for(address, name, answered, role):
    line = Attendee(address, name, PartStat.ACCEPTED if answered == "y" else PartStat.NEEDS_ACTION)
    directory = Directory(OWNER, PeopleOptions(), [event("ana", attendees=(*COLLEAGUES, line))])
    assert directory.see(line, NO_CALENDAR).role == role
