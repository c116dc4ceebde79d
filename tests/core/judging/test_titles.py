"""What titles say, in seven languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.judging.titles import Named, Titles
from calsight.core.model.meetings import Owner
from calsight.core.model.options import TitleOptions
from calsight.core.people.addresses import KnownNames

ANA = Titles(TitleOptions(), Owner(addresses=("ana@example.com",), name="Ana Example"))
NOBODY = Titles(TitleOptions(), Owner())


@pytest.mark.parametrize(
    "title",
    [
        "1:1",
        "1on1",
        "1-on-1",
        "One on one",
        "Weekly one-to-one",
        "1:1 (30 min)",
        "Skip-level",
        "Vier-Augen-Gespräch",
        "Mitarbeitergespräch",
        "Eins zu eins",
        "Tête-à-tête",
        "Entretien individuel",
        "Reunión individual",
        "Uno a uno",
        "A quattr'occhi",
        "Colloquio individuale",
        "Een-op-een",
        "Één op één",
        "Bila",
        "Um a um",
        "Conversa individual",
    ],
)
def test_words_that_say_one_to_one(title):
    assert ANA.one_to_one(title) == Named()
    assert NOBODY.one_to_one(title) == Named()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("1:1 Bo", "Bo"),
        ("Bo 1:1", "Bo"),
        ("1:1 with Bo", "Bo"),
        ("1:1 Bo - Apollo", "Bo"),  # what it is about, which could be a name
        ("1:1 Ana & Bo", "Bo"),
        ("Ana / Bo 1:1", "Bo"),
        ("1-1 Bo", "Bo"),
        ("Bo Berg 1-1", "Bo Berg"),
        ("Ana <> Bo", "Bo"),
        ("Bo <> Ana", "Bo"),
        ("Ana/Bo", "Bo"),
        ("Ana / Bo Berg", "Bo Berg"),
        ("Ana Example <> Bo - weekly sync", "Bo"),
        ("Weekly: Ana / Bo", "Bo"),
        ("Ana x Bo (intro)", "Bo"),
        ("Ana E. / Bo B.", "Bo B"),
        ("Coffee with Bo", "Bo"),
        ("Lunch with Bo Berg @ the pier", "Bo Berg"),
        ("Catch-up with Bo", "Bo"),
        ("catch up w/ Bo", "Bo"),
        ("Call with Bo re: budget", "Bo"),
        ("Phone call with Dr. Berg", "Dr. Berg"),
        ("Coffee with Ana", ""),
        ("Kaffee mit Bo", "Bo"),
        ("Telefonat mit Frau Müller", "Frau Müller"),
        ("Mittagessen mit Bo im Park", "Bo"),
        ("Déjeuner avec Zoé", "Zoé"),
        ("Café con Inés", "Inés"),
        ("Llamada con Ana María", "Ana María"),
        ("Pranzo con Luca", "Luca"),
        ("Caffè con Sara d'Amico", "Sara d'Amico"),
        ("Koffie met Jan de Vries", "Jan de Vries"),
        ("Bijpraten met Fleur", "Fleur"),
        ("Almoço com João", "João"),
        ("Conversa com Maria da Silva", "Maria da Silva"),
    ],
)
def test_titles_that_name_the_other(title, name):
    assert ANA.one_to_one(title) == Named(name)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Lunch",
        "Meeting",
        "Budget Q1/Q2",
        "and/or",
        "11:10",
        "1-1",
        "Arsenal 1-1 2",
        "Scale 1:100",
        "1:1s",
        "One-on-ones",
        "Prep 1:1",
        "1:1 notes",
        "Cancelled: 1:1 Bo",
        "1:1 moved",
        "Schedule 1:1 with Bo",
        "Prep: coffee with Bo",
        "Bo / Cy",
        "Ana / Bo / Cy",
        "Ana / Marketing",
        "Ana <> HR",
        "Ana <> Bo <> Cem (Ana <> Bo)",
        "1:1 Bo and Cy",
        "Team lunch with Bo",
        "Lunch with Bo and Cy",
        "Lunch with Bo, Cy",
        "Call with Bo & Cy",
        "Call with Bo / Cy",
        "Coffee with the team",
        "Coffee with all",
        "Call with Marketing",
        "Call with bank",
        "Call with IT",
        "Webinar: 1:1 coaching",
        "Vorbereitung 1:1 Bo",
        "Abgesagt: Ana <> Bo",
        "Telefonat mit Kunden",
        "Kaffee mit Bo und Cy",
        "Préparation tête-à-tête",
        "Déjeuner avec Zoé et Léa",
        "Déjeuner avec l'équipe",
        "Uno a uno cancelado",
        "Café con Inés y Eva",
        "Pranzo con Luca e Sara",
        "Pranzo annullato con Luca",
        "Koffie met Jan en Piet",
        "Bila voorbereiden",
        "Almoço com João e Maria",
        "Almoço com a equipe",
        "Inter vs. Milan 1:1",
        "Köln gegen Bremen 1:1",
        "AE",
        "BK / CD",
        "AE / HR",
    ],
)
def test_titles_that_settle_nothing(title):
    assert ANA.one_to_one(title) is None


@pytest.mark.parametrize(
    ("title", "named"), [("1-1 Xaver", Named("Xaver")), ("Xaver 1-1", None), ("Bo 1-1", Named("Bo"))]
)
def test_behind_a_dash_stands_a_stranger_and_before_it_may_stand_a_team(title, named):
    known = Titles(TitleOptions(), Owner(name="Ana Example"), KnownNames(words=frozenset({"bo"})))
    assert known.one_to_one(title) == named


@pytest.mark.parametrize(
    ("address", "title", "named"),
    [
        ("bo@example.com", "Bo / Cy", Named("Cy")),
        ("b.lind@example.com", "Lind / Cy", Named("Cy")),
        ("b.lind@example.com", "B / Cy", None),  # one letter is nobody's name
    ],
)
def test_an_address_tells_the_owners_name_too(address: str, title: str, named: Named | None):
    assert Titles(TitleOptions(), Owner((address,))).one_to_one(title) == named


def test_initials_of_the_owner_beside_those_of_another():
    known = KnownNames(
        frozenset({"bo karl", "cy dahl", "cleo dorn"}), frozenset({"bo", "karl", "cy", "dahl", "cleo", "dorn"})
    )
    titles = Titles(TitleOptions(), Owner(addresses=("ana@example.com",), name="Ana Example"), known)
    for title in ("AE / BK", "BK <> AE", "AE:BK", "BK - AE", "KB/AE"):
        assert titles.one_to_one(title) == Named("bo karl"), title
    assert titles.one_to_one("AE / CD") == Named("CD")  # two are
    for title in ("AE / QA", "AE:PR", "BK / CD", "AE / BK / CD", "BK", "ae / bk"):
        assert titles.one_to_one(title) is None, title
    assert ANA.one_to_one("AE / BK") == Named("BK")  # nobody is known
    assert ANA.one_to_one("AE: BK") is None


def test_a_score_is_of_two_whom_nobody_knows():
    known = KnownNames(frozenset({"bo karl"}), frozenset({"bo", "karl"}))
    titles = Titles(TitleOptions(), Owner(name="Ana Example"), known)
    assert titles.score("Inter - Milan 1:1")
    assert titles.score("Inter vs Milan 1:1")
    for title in (
        "Bo - Milan 1:1",
        "Ana - Milan 1:1",
        "Milan 1:1",
        "1:1 Inter - Milan",
        "[1:1] Inter - Milan",
        "Inter - Milan",
        "Inter - Milan one on one",
    ):
        assert not titles.score(title), title


def test_without_the_owners_name_a_pair_settles_nothing():
    assert NOBODY.one_to_one("Ana / Bo") is None
    by_address = Titles(TitleOptions(), Owner(addresses=("ana.example@example.com",)))
    assert by_address.one_to_one("Ana / Bo") == Named("Bo")


@pytest.mark.parametrize(
    "title",
    [
        "OOO",
        "Out of office",
        "Out of office until Monday",
        "Vacation",
        "Vacation in Italy",
        "Annual leave (approved)",
        "Holiday",
        "Bank holiday",
        "PTO - Ana",
        "Ana OOO",
        "Ana's vacation",
        "Half day PTO",
        "Sick",
        "Parental leave",
        "A. Example annual leave",
        "A Example OOO",
        "Urlaub",
        "Anas Urlaub",
        "Sommerurlaub",
        "Urlaub Mo 3. - Fr 7. August",
        "Elternzeit",
        "Krank",
        "Congés",
        "Vacances d'été",
        "Arrêt maladie",
        "Vacaciones",
        "Baja médica",
        "Ferie",
        "Fuori ufficio",
        "Vakantie",
        "Verlof",
        "Férias",
        "Licença maternidade",
        "Xmas break",
        "Half-term",
        "Weihnachtspause",
        "Zomervakantie",
    ],
)
def test_titles_that_say_leave(title):
    assert ANA.leave(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Office",
        "Bo OOO",
        "OOO: Bo",
        "Bo's vacation",
        "Vacation Bo",
        "PTO Bo in Berlin",
        "Urlaub Bo",
        "Congés Zoé",
        "Vacaciones de Inés",
        "Holiday party",
        "Vacation planning",
        "Leave for the airport",
        "Sick leave policy review",
        "B. Berg annual leave",
        "Annual leave to Friday Zoé",
        "Urlaubsplanung",
        "School holidays",
        "Herbstferien",
        "Vacances de la Toussaint",
    ],
)
def test_titles_that_name_someone_else_or_another_matter_are_no_leave(title):
    assert not ANA.leave(title)


@pytest.mark.parametrize(
    "title",
    [
        "Webinar: something",
        "All-hands",
        "All hands Q3",
        "Town hall",
        "Office hours",
        "Excel training",
        "Schulung",
        "Webinaire",
        "Formation",
        "Webinario",
        "Capacitación",
        "Riunione plenaria",
        "Spreekuur",
        "Treinamento",
    ],
)
def test_titles_of_broadcasts(title):
    assert ANA.broadcast(title)


@pytest.mark.parametrize("title", ["Trainer meeting", "Office", "Hall of fame"])
def test_titles_of_no_broadcast(title):
    assert not ANA.broadcast(title)


@pytest.mark.parametrize(
    "title",
    [
        "Interview Bo",
        "Phone screen: Bo",
        "Vorstellungsgespräch",
        "Entretien d’embauche",
        "Entrevista",
        "Sollicitatiegesprek",
    ],
)
def test_titles_of_interviews(title):
    assert ANA.interview(title)
    assert not ANA.interview("Internal view")


@pytest.mark.parametrize("title", ["Busy", "[Private]", "Beschäftigt", "Occupé", "Ocupado", "Bezet"])
def test_titles_that_stand_for_hidden_details(title):
    assert ANA.busy(title)
    assert not ANA.busy(f"{title} with Bo")


def test_settings_add_words():
    options = TitleOptions(
        one_to_one=("fika",),
        never_one_to_one=("draft",),
        leave=("walkabout",),
        interview=("talent chat",),
        automated=("fireside",),
    )
    titles = Titles(options, Owner(name="Ana Example"))
    assert titles.one_to_one("FIKA Bo") == Named("Bo")
    assert titles.one_to_one("1:1 draft") is None
    assert titles.leave("Walkabout with Bo")
    assert titles.interview("Talent chat")
    assert titles.broadcast("Fireside")


@given(st.text(max_size=80))
def test_any_title_is_read(title):
    ANA.one_to_one(title)
    ANA.leave(title)
    ANA.broadcast(title)
    ANA.interview(title)
    ANA.busy(title)


@pytest.mark.parametrize("piece", ["1:1 ", "a ", "Ana / ", "with ", "coffee ", "- ", "(", "' "])
def test_hostile_repetition_ends(piece):
    title = piece * (20_000 // len(piece))
    ANA.one_to_one(title)
    ANA.leave(title)
