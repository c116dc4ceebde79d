"""What reads as a personal name, and whose."""

from __future__ import annotations

import pytest

from calsight.core.judging.names import Names
from calsight.core.judging.title_words import title_words
from calsight.core.people.addresses import KnownNames

NAMES = Names(
    title_words(),
    KnownNames(full=frozenset({"bo berg"}), words=frozenset({"bo", "berg"}), mine=frozenset({"ana", "example"})),
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Cy Falk", True),
        ("Cy D. Falk", True),
        ("C. D.", False),  # letters alone are nobody
        ("Cy Dee Eve Falk", True),
        ("Cy Dee Eve Flo Gus", False),  # five names are a list
        ("Cy Dee van der Berg", True),
        ("Cy Dee Eve van der Berg", False),  # six words
        ("SAP", False),
        ("FALK", False),
        ("Cy SAP", False),
        ("Cy FALK", True),  # four letters are a name in capitals
        ("", False),
    ],
)
def test_what_reads_as_a_name(text: str, name: bool):
    assert NAMES.is_name(text) is name


@pytest.mark.parametrize(
    ("text", "known"), [("Bo Berg", True), ("Bo X. Berg", True), ("B. Berg", True), ("X.", False), ("Bo Falk", False)]
)
def test_initials_do_not_make_somebody_unknown(text: str, known: bool):
    assert NAMES.is_known(text) is known


def test_the_owners_own_name_alone_is_nobody_elses():
    assert not NAMES.is_name("Ana", stranger=False)
    assert NAMES.is_name("Ana Falk", stranger=False)  # a namesake
