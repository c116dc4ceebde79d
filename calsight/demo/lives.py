"""The four invented owners, as data: whom they meet, what they refuse, and what fills the rest of their weeks.

Nobody here exists. Weeks are counted back from the week of `as_of`: 1 is the last full week, -1 the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from calsight.demo.diary import Link, Person

Situation = Literal[
    "little_time_low_interest",
    "little_time_high_interest",
    "much_time_low_interest",
    "much_time_high_interest",
]
Change = Literal["skipped", "cancelled", "declined", "they_declined", "moved"]


@dataclass(frozen=True, slots=True)
class Series:
    """A recurring meeting. `organizer` and `who` are first names, the owner's is "me"; `changes` by weeks ago."""

    title: str
    organizer: str
    who: tuple[str, ...]
    weekdays: tuple[int, ...]
    at: str
    minutes: int
    link: Link = ""
    room: str = ""
    every: int = 1
    begins: int = 28
    changes: Mapping[int, Change] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fill:
    """What takes the rest of a week: titles by kind, and the share of the working day that is taken in the end."""

    share: float
    calls: tuple[str, ...]
    groups: tuple[str, ...]
    solo: tuple[str, ...]
    weights: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Life:
    """One owner. `one_to_ones` has a line for each single meeting of two: weeks ago, with whom, who began it, what came of
    it, title. `extras` are single entries that a classifier must not trip over: weeks ago, sort, title."""

    situation: Situation
    owner: Person
    producer: Literal["google", "outlook"]
    zone: str
    link: Link
    rooms: tuple[str, ...]
    people: Mapping[str, Person]
    series: tuple[Series, ...]
    one_to_ones: str
    extras: str
    away: tuple[tuple[int, int, int, str], ...]
    fill: Fill


def _people(domain: str, names: str) -> dict[str, Person]:
    """First name → person; "Bea Fox@elsewhere.example" works elsewhere."""
    found = {}
    for item in names.split(","):
        name, _, elsewhere = item.strip().partition("@")
        address = f"{name.lower().replace(' ', '.')}@{elsewhere or domain}"
        found[name.split()[0]] = Person(name, address)
    return found


VIKTOR = Life(
    situation="little_time_low_interest",
    owner=Person("Viktor Lang", "viktor.lang@harbour.example"),
    producer="google",
    zone="Europe/Berlin",
    link="meet",
    rooms=("Elbe", "Spree", "Havel"),
    people=_people(
        "harbour.example",
        "Petra Novak, Henrik Dahl, Yusuf Kaya, Mei Tanaka, Oksana Bondar, Lucas Prado, Sofia Rinaldi, Tom Becker,"
        "Dana Roth@cloudline.example, Marek Zielinski@cloudline.example, Julia Stein@talent.example",
    ),
    series=(
        Series(
            "Platform stand-up",
            "Henrik",
            ("Mei", "Yusuf", "Oksana", "Lucas"),
            (0, 1, 2, 3, 4),
            "09:00",
            30,
            link="meet",
        ),
        Series("Sprint planning", "me", ("Henrik", "Mei", "Yusuf", "Oksana"), (0,), "09:30", 90, room="Elbe", every=2),
        Series("Operations review", "Petra", ("Tom", "Sofia", "Dana"), (1,), "10:00", 60, link="meet"),
        Series("Architecture forum", "Sofia", ("Tom", "Henrik", "Lucas", "Mei"), (2,), "14:00", 90, room="Spree"),
        Series("Change board", "Tom", ("Petra", "Sofia", "Oksana"), (3,), "11:00", 60, link="meet"),
        Series("Delivery sync", "Lucas", ("Mei", "Dana"), (1, 3), "13:00", 60, link="meet"),
        Series("Release walkthrough", "Sofia", ("Yusuf", "Lucas"), (4,), "10:00", 90, room="Havel"),
        Series("Focus", "", (), (0, 4), "14:00", 120),
        Series(
            "Petra / Viktor",
            "Petra",
            (),
            (3,),
            "15:00",
            30,
            every=2,
            changes={
                24: "declined",
                20: "declined",
                18: "declined",
                16: "skipped",
                14: "declined",
                12: "declined",
                10: "declined",
                8: "cancelled",
                6: "declined",
                4: "declined",
                2: "declined",
                0: "declined",
            },
        ),
    ),
    one_to_ones="""
        25 Lucas   them declined   Pairing on the importer
        23 Henrik  them held       Handover before release
        21 Sofia   them declined   Coffee?
        19 Mei     them held       Mei <> Viktor: on-call rota
        18 Mei     me   cancelled  Feedback after the incident
        15 Tom     them declined   Lunch?
        13 Yusuf   them declined   1:1 Yusuf / Viktor
        9  Dana    them declined   Roadmap with Cloudline
        7  Oksana  me   cancelled  Onboarding check-in
        5  Sofia   them declined   Viktor / Sofia: design questions
        3  Henrik  them declined   Catch-up
        -1 Yusuf   them unanswered 1:1 Yusuf / Viktor
    """,
    extras="""
        22 for_others Panel: site reliability engineer
        17 free       Optional: lunch and learn
        12 webinar    Webinar: cloud costs explained
        11 birthday   Birthday: Mei Tanaka
        8  broadcast  Harbour all-hands
        6  private    Busy
        4  declined   Steering group: office move
        2  overlap    Escalation: payment queue
    """,
    away=((15, 0, 1, "Public holiday"), (10, 3, 2, "Annual leave")),
    fill=Fill(
        share=0.88,
        calls=(
            "Vendor call: storage",
            "Release go/no-go",
            "Sync with the Porto office",
            "Capacity review",
            "Cost review",
        ),
        groups=("Incident review", "Backlog refinement", "Hiring debrief"),
        solo=("Focus: capacity plan", "Write design document", "Code review block", "Prepare board slides"),
        weights=(5, 3, 3),
    ),
)

AMARA = Life(
    situation="little_time_high_interest",
    owner=Person("Amara Diallo", "amara.diallo@northgate.example"),
    producer="outlook",
    zone="Europe/London",
    link="teams",
    rooms=("Tyne", "Wear", "Tees"),
    people=_people(
        "northgate.example",
        "Rosa Vidal, Femi Adeyemi, Grace Holt, Omar Haddad, Keiko Mori, Tunde Bello, Nina Kraus, Colin Reed, Priya Nair,"
        "Bea Fox@brightwater.example, Alan Moss@brightwater.example",
    ),
    series=(
        Series(
            "Programme stand-up", "me", ("Nina", "Colin", "Priya", "Femi"), (0, 1, 2, 3, 4), "09:00", 30, link="teams"
        ),
        Series("Portfolio board", "Grace", ("Omar", "Colin", "Nina", "Tunde"), (0,), "10:00", 90, room="Tyne"),
        Series("Supplier call", "Bea", ("Alan", "Priya"), (1,), "11:00", 60, link="zoom"),
        Series("Risk review", "me", ("Nina", "Colin", "Omar"), (2,), "13:30", 60, link="teams"),
        Series("Finance checkpoint", "Omar", ("Grace", "Nina"), (3,), "10:00", 60, link="teams", every=2),
        Series("Delivery call", "Priya", ("Alan", "Colin"), (0, 4), "13:00", 60, link="teams"),
        Series("Migration steering", "Tunde", ("Omar", "Priya"), (2,), "10:00", 90, link="zoom"),
        Series("Plan on a page", "me", ("Nina", "Priya"), (4,), "10:00", 90, room="Tees"),
        Series("Reports", "", (), (1, 3), "15:00", 30),
        Series(
            "Rosa / Amara",
            "Rosa",
            (),
            (3,),
            "14:00",
            30,
            link="teams",
            every=2,
            begins=29,
            changes={
                25: "cancelled",
                23: "cancelled",
                19: "moved",
                15: "skipped",
                13: "cancelled",
                11: "skipped",
                9: "cancelled",
                7: "cancelled",
                5: "cancelled",
                1: "cancelled",
            },
        ),
        Series(
            "Amara / Femi",
            "me",
            ("Femi",),
            (1,),
            "15:30",
            30,
            room="Wear",
            every=3,
            begins=29,
            changes={
                23: "they_declined",
                20: "moved",
                17: "they_declined",
                14: "they_declined",
                11: "skipped",
                8: "they_declined",
                5: "moved",
            },
        ),
    ),
    one_to_ones="""
        25 Omar   me   they_declined How can we help finance?
        24 Grace  me   held          Coffee
        22 Omar   me   held          Lunch
        21 Keiko  me   they_declined Ideas for the customer day
        19 Grace  them cancelled     Portfolio questions
        18 Bea    me   they_declined Supplier view of the programme
        16 Grace  me   they_declined Coffee
        15 Keiko  me   moved         Ideas for the customer day
        14 Bea    them cancelled     Brightwater plans
        13 Grace  me   held          Portfolio questions
        12 Tunde  me   they_declined What does your team need?
        10 Bea    me   held          Supplier view of the programme
        9  Keiko  me   they_declined Customer day: what went well
        8  Omar   me   held          Lunch
        7  Tunde  me   they_declined What does your team need?
        6  Keiko  me   moved         Customer day: what went well
        6  Omar   them cancelled     Budget questions
        4  Grace  me   they_declined Coffee
        3  Omar   me   they_declined Lunch
        2  Keiko  them cancelled     Next customer day
        1  Tunde  me   they_declined What does your team need?
        -1 Grace  me   unanswered    Coffee
    """,
    extras="""
        23 evening    Handover call with Denver
        21 free       Optional: lunch and learn
        18 broadcast  Northgate town hall
        16 evening    Handover call with Denver
        12 overlap    Urgent: supplier delay
        9  webinar    Webinar: planning under uncertainty
        7  declined   Furniture committee
        5  evening    Handover call with Denver
        4  overlap    Urgent: audit questions
    """,
    away=((11, 0, 5, "Annual leave"), (19, 4, 1, "Sick")),
    fill=Fill(
        share=0.88,
        calls=("Status call: migration", "Dependency review", "Contract review", "Test readiness"),
        groups=("Lessons learned", "Estimation", "Quarter planning"),
        solo=("Status report", "Focus: business case", "Prepare board pack", "Inbox"),
        weights=(5, 3, 2),
    ),
)

THEO = Life(
    situation="much_time_low_interest",
    owner=Person("Theo Lindqvist", "theo.lindqvist@fjordbank.example"),
    producer="google",
    zone="Europe/Stockholm",
    link="meet",
    rooms=("Vasa", "Birka"),
    people=_people(
        "fjordbank.example",
        "Karin Sjögren, Elin Berg, Arvid Nyman, Nils Holm, Saga Lund, Ebba Falk, Anton Ek, Vera Dahl",
    ),
    series=(
        Series("Team meeting", "Karin", ("Elin", "Arvid", "Nils", "Saga"), (0,), "10:00", 60, room="Vasa"),
        Series("Model review", "Arvid", ("Elin", "Ebba", "Anton"), (2,), "13:00", 60, link="meet"),
        Series("Data quality call", "Vera", ("Anton", "Nils"), (3,), "09:30", 30, link="meet"),
        Series("Focus", "", (), (1, 4), "13:00", 120),
        Series(
            "Karin / Theo",
            "Karin",
            (),
            (3,),
            "14:00",
            30,
            every=4,
            changes={16: "declined", 12: "declined", 8: "declined", 4: "declined", 0: "declined"},
        ),
    ),
    one_to_ones="""
        25 Elin  them held      Elin / Theo: credit model
        23 Nils  them declined  Coffee?
        22 Arvid them held      Backtest results
        21 Elin  them declined  Lunch?
        19 Saga  me   cancelled Introduction to the ledger
        18 Saga  them declined  1:1 Saga / Theo
        15 Arvid them declined  Arvid <> Theo: limits
        13 Nils  them declined  Catch-up
        11 Elin  me   cancelled Handover of the report
        10 Saga  them declined  Questions about the ledger
        9  Arvid them cancelled Backtest results
        7  Elin  them declined  Coffee?
        5  Arvid them declined  Planning the next model
        3  Nils  them declined  Lunch?
    """,
    extras="""
        24 birthday  Birthday: Ebba Falk
        20 webinar   Webinar: new reporting rules
        17 broadcast Fjordbank town hall
        14 free      Optional: after work
        9  private   Busy
        6  declined  Summer party committee
        2  birthday  Birthday: Nils Holm
    """,
    away=((16, 0, 5, "Vacation"), (6, 4, 1, "Public holiday")),
    fill=Fill(
        share=0.42,
        calls=("Release call", "Audit questions", "Data catalogue call"),
        groups=("Sprint review", "Retrospective", "Working group: limits"),
        solo=("Focus: credit model", "Read papers", "Write documentation", "Analysis", "Monthly report"),
        weights=(1, 1, 6),
    ),
)

INES = Life(
    situation="much_time_high_interest",
    owner=Person("Inès Moreau", "ines.moreau@atelier.example"),
    producer="outlook",
    zone="Europe/Paris",
    link="teams",
    rooms=("Seine", "Marne"),
    people=_people(
        "atelier.example",
        "Camille Petit, Noor Rahman, Paul Girard, Léa Marchand, Hugo Blanc, Aïcha Benali, Marc Olivier, Jeanne Roy,"
        "Lena Vogel@kindred.example, Samuel Otieno@kindred.example, Chloé Martin@lumen.example, Diego Ruiz@lumen.example",
    ),
    series=(
        Series(
            "Inès / Camille",
            "me",
            ("Camille",),
            (0,),
            "11:00",
            30,
            room="Seine",
            changes={24: "moved", 19: "skipped", 9: "moved", 3: "moved", 14: "skipped", 13: "skipped"},
        ),
        Series("Mentoring Noor", "me", ("Noor",), (2,), "14:00", 60, every=2, changes={14: "skipped", 4: "moved"}),
        Series(
            "1:1 Paul / Inès",
            "Paul",
            (),
            (3,),
            "10:00",
            30,
            link="teams",
            every=2,
            begins=29,
            changes={13: "skipped", 7: "declined"},
        ),
        Series("Product weekly", "me", ("Léa", "Hugo", "Camille", "Marc"), (1,), "10:00", 60, room="Marne"),
        Series("Partner call", "Lena", ("Samuel", "Aïcha"), (3,), "15:00", 60, link="zoom", every=2),
        Series("Leadership round", "Paul", ("Jeanne", "Marc"), (4,), "09:30", 60, link="teams"),
    ),
    one_to_ones="""
        26 Léa     me   held      Coffee
        25 Lena    me   held      Kindred: what do you need from us?
        24 Hugo    them held      Feedback on the prototype
        23 Aïcha   me   held      Lunch
        22 Marc    me   held      How can design help sales?
        21 Samuel  me   moved     Kindred pilot
        20 Jeanne  them held      Career talk
        19 Léa     me   held      Coffee
        18 Chloé   me   held      First meeting with Lumen
        17 Hugo    me   held      Prototype, second round
        16 Marc    them held      Sales questions
        15 Aïcha   me   held      Lunch
        12 Lena    them held      Kindred: next steps
        11 Diego   me   held      Interview: product designer
        10 Jeanne  me   moved     Budget for research
        9  Léa     me   held      Coffee
        8  Hugo    them held      Prototype, third round
        7  Chloé   me   held      Lumen: shared user tests
        6  Marc    me   held      How can design help sales?
        5  Aïcha   them held      Accessibility review
        4  Samuel  me   held      Kindred pilot, results
        3  Léa     them held      Coffee
        3  Jeanne  me   cancelled Budget for research
        2  Hugo    me   held      Prototype, hand-over
        2  Marc    them declined  Sales questions
        1  Diego   me   held      Welcome lunch
        1  Aïcha   them cancelled Accessibility review
        -1 Lena    me   held      Kindred: plan for the year
        -2 Léa     me   held      Coffee
    """,
    extras="""
        22 title_only Coffee with Lena
        15 evening    Meetup: design systems
        12 birthday   Birthday: Noor Rahman
        11 broadcast  Atelier all-hands
        8  free       Optional: lunch and learn
        6  title_only Call with Samuel
        5  webinar    Webinar: accessible forms
    """,
    away=((14, 0, 5, "Annual leave"), (13, 0, 5, "Annual leave"), (8, 4, 1, "Public holiday")),
    fill=Fill(
        share=0.42,
        calls=("User test debrief", "Roadmap call", "Vendor demo"),
        groups=("Design critique", "Story mapping", "Retrospective"),
        solo=("Focus: roadmap", "Write proposal", "Sketching"),
        weights=(2, 2, 3),
    ),
)

LIVES: Mapping[Situation, Life] = {life.situation: life for life in (VIKTOR, AMARA, THEO, INES)}
