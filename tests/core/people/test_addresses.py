"""Addresses and names as people write them. (What one person's addresses have in common is in test_identities.py.)"""

from __future__ import annotations

import pytest

from calsight.core.people.addresses import (
    account_of,
    canonical_address,
    canonical_name,
    compared_name,
    full_name,
    is_for_signing_in,
    is_public_provider,
    repeats_name,
    spelt_name,
    within,
)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("bo.karl@firm.example", "bo karl"),
        ("anna-lena_roth@firm.example", "anna lena roth"),
        ("bo@firm.example", ""),
        ("b.karl@firm.example", ""),
        ("bo.karl2@firm.example", ""),
    ],
)
def test_the_name_that_an_address_spells(address: str, name: str):
    assert spelt_name(address) == name


def test_a_whole_name_is_more_than_one_of_its_words():
    for local in ("bo.karl", "bkarl", "karlb", "bokarl"):
        assert repeats_name(f"{local}@firm.example", "Bo Karl", whole=True)
    for local in ("bo", "karl", "bk", "bo.roth"):
        assert not repeats_name(f"{local}@firm.example", "Bo Karl", whole=True)


def test_a_short_form_before_a_name_is_no_part_of_it():
    for written in ("Dr. Bo Karl", "Prof. Dr. Karl, Bo", "Dipl.-Ing. Bo Karl"):
        assert compared_name(written) == "bo karl"
    assert compared_name("J. Karl") == "j. karl"
    assert compared_name("Dr. Karl") == ""


@pytest.mark.parametrize(
    ("address", "account"),
    [
        ("mailto:Nextcloud", "nextcloud"),
        ("/principals/users/ana/", "ana"),
        ("/principals/users/ana", "ana"),
        ("principal:principals/users/ana", "ana"),
        ("principal:ana", "ana"),
        ("/o=example/ou=recipients/bo", ""),
        ("o=example/bo", ""),
        ("urn:uuid:4f2a", ""),
        ("4711", ""),
        ("ana@example.com", ""),
    ],
)
def test_the_name_of_an_account(address: str, account: str):
    assert account_of(address) == account


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Lind, Ana", "ana lind"),
        ("Ana Lind", "ana lind"),
        (", Ana", "ana"),
        ("Lind,", "lind,"),
        ("Lind, ", "lind,"),
        ("Ana, Bo, Cem", "ana, bo, cem"),
    ],
)
def test_one_comma_turns_a_name(written: str, name: str):
    assert canonical_name(written) == name


@pytest.mark.parametrize(
    "local",
    [
        "ana.lind",
        "lind_ana",
        "a.lind",
        "ana.l",
        "ana-maria.lind",
        "a.m.lind",
        "analind",
        "lindana",
        "alind",
        "linda",  # the last name, and the first letter of the first
        "anal",
        "lana",
        "ana",
        "maria",
        "lind",
        "anamarialind",
        "aml",
        "alind2",
    ],
)
def test_a_local_part_that_is_made_of_the_name(local: str):
    assert repeats_name(f"{local}@example.com", "Ana Maria Lind")


@pytest.mark.parametrize(
    "local",
    [
        "a.m.l",
        "an.lind",
        "x.lind",
        "ana.x",
        "info",
        "marialind",
        "mlind",
        "anamaria",
        "ana.lind.team",
        "",
        "dlind",
        "alin",
    ],
)
def test_a_local_part_that_is_not(local: str):
    assert not repeats_name(f"{local}@example.com", "Ana Maria Lind")


@pytest.mark.parametrize("local", ["jbot", "botj", "janb", "bjan"])
def test_the_letter_that_stands_for_a_name_is_its_first(local: str):
    assert repeats_name(f"{local}@example.com", "Jan Bot")


def test_a_name_of_one_word_is_repeated_by_nothing():
    assert not repeats_name("ana@example.com", "Ana")
    assert not repeats_name("ana@example.com", "Ana .")
    assert repeats_name("mueller.zoe@example.com", "Zoë Müller")


@pytest.mark.parametrize(
    ("domain", "inside"),
    [
        ("example.com", True),
        ("mail.example.com", True),
        ("a.b.example.com", True),
        ("com", False),
        ("anexample.com", False),
        ("", False),
    ],
)
def test_a_subdomain_is_within(domain: str, inside: bool):
    assert within(domain, ["example.com", "example.org"]) is inside


def test_domains_that_services_make_up():
    assert canonical_address("Bo@GoogleMail.com") == "bo@gmail.com"
    assert is_for_signing_in("example.onmicrosoft.com")
    assert is_for_signing_in("example.onmicrosoft.us")
    assert not is_for_signing_in("notonmicrosoft.com")
    assert not is_for_signing_in("")


@pytest.mark.parametrize(
    ("domain", "public"),
    [
        ("gmail.com", True),
        ("mail.gmail.com", True),
        ("hotmail.co.uk", True),
        ("hotmail.com", True),
        ("hotmail.example.com", False),
        ("example.com", False),
    ],
)
def test_public_providers_in_every_country(domain: str, public: bool):
    assert is_public_provider(domain) is public


@pytest.mark.parametrize(("name", "full"), [("Ana Lind", "ana lind"), ("Ana", ""), ("ana lind@example.com", "")])
def test_a_full_name_has_two_words_and_no_address(name: str, full: str):
    assert full_name(name) == full
