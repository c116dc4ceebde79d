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
        ("ZK", False),
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


@pytest.mark.parametrize(
    ("known", "word", "inflected"),
    [
        ("иван", "Иваном", True),
        ("анна", "Анной", True),
        ("ирина", "Иринеями", True),  # three letters longer
        ("ирина", "Иринеямиц", False),
        ("анна", "Антон", False),  # another name
        ("ева", "Еву", False),  # three letters are the beginning of many words
        ("o'neill", "O'Neills", False),
    ],
)
def test_a_known_name_with_another_ending(known: str, word: str, inflected: bool):
    assert names_of(known).inflects(word) is inflected


@pytest.mark.parametrize(
    ("known", "text", "found"),
    [
        ("田中", "田中さんと打ち合わせ", True),
        ("田", "田中さんと打ち合わせ", False),  # one sign stands in too many words
        ("佐藤", "田中さんと打ち合わせ", False),
        ("さん と", "田中さん と打ち合わせ", False),
        ("bo", "bo打ち合わせ", False),  # whose script does put blanks between
    ],
)
def test_a_known_name_in_a_text_without_blanks(known: str, text: str, found: bool):
    assert names_of(known).glued_in(text) is found


@pytest.mark.parametrize("name", ["ぁぁ", "ヿヿ", "㐀㐀", "鿿鿿", "가가", "힣힣"])
def test_kana_han_and_hangul_put_no_blanks_between_from_their_first_sign_to_their_last(name: str):
    assert names_of(name).glued_in(f"mit{name}um3")


def names_of(known: str) -> Names:
    return Names(title_words(), KnownNames(words=frozenset({known})))
