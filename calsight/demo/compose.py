"""From a life to a diary: series with their changed occurrences, meetings of two, oddities, and what fills the rest."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from calsight.demo.diary import Answer, Diary, Entry, Guest, Person, Rule
from calsight.demo.lives import Life, Series

#: The diary begins before any window of 26 weeks and reaches beyond the 28 days that are read as scheduled.
FIRST_WEEK, LAST_WEEK = 29, -4


def compose(life: Life, today: date, seed: int) -> list[Entry]:
    """The entries of a life as they stand on `today`. The same arguments give the same entries."""
    chance = random.Random(f"{life.situation}/{seed}")  # noqa: S311 - invented diaries need no secrets
    diary = Diary(this_monday=today - timedelta(days=today.weekday()), chance=chance)
    _add_absences(diary, life)
    for series in life.series:
        _add_series(diary, life, series)
    for row in _rows(life.one_to_ones, columns=5):
        _add_one_to_one(diary, life, row)
    for ago, sort, title in _rows(life.extras, columns=3):
        _add_extra(diary, life, int(ago), sort, title)
    _fill(diary, life)
    return sorted(diary.entries, key=lambda entry: (entry.start, entry.uid))


def _rows(table: str, *, columns: int) -> Iterator[list[str]]:
    """The rows of a table of words, whose last column may hold spaces."""
    for row in table.strip().splitlines():
        yield row.split(maxsplit=columns - 1)


def _uid(diary: Diary, life: Life) -> str:
    if life.producer == "google":
        return "".join(diary.chance.choices("0123456789abcdefghijklmnopqrstuv", k=26)) + "@google.com"
    return f"040000008200E00074C5B7101A82E008{'0' * 24}10000000{diary.chance.getrandbits(128):032X}"


def _person(life: Life, name: str) -> Person:
    return life.owner if name == "me" else life.people[name]


def _guests(life: Life, organizer: str, others: list[str], answer: Answer = "ACCEPTED") -> tuple[Guest, ...]:
    """Who is listed. Google lists the organizer among the attendees, Outlook does not."""
    names = [] if organizer == "me" or organizer in others else [organizer]
    names += others
    if life.producer == "outlook":
        names = [name for name in names if name != organizer]
    listed = tuple(Guest(_person(life, name)) for name in names)
    if organizer == "me" and life.producer == "outlook":
        return listed
    return (*listed, Guest(life.owner, answer))


def _add_absences(diary: Diary, life: Life) -> None:
    for ago, weekday, days, title in life.away:
        first = diary.day(ago, weekday)
        diary.away.update(first + timedelta(days=offset) for offset in range(days))
        diary.entries.append(
            Entry(
                uid=_uid(diary, life),
                title=title,
                start=datetime.combine(first, time()),
                minutes=days * 24 * 60,
                all_day=True,
                out_of_office=True,
                made_days_before=30,
            )
        )


def _add_series(diary: Diary, life: Life, series: Series) -> None:
    at = time.fromisoformat(series.at)
    first = datetime.combine(diary.day(series.begins, series.weekdays[0]), at)
    master = Entry(
        uid=_uid(diary, life),
        title=series.title,
        start=first,
        minutes=series.minutes,
        organizer=_person(life, series.organizer) if series.organizer else None,
        guests=_guests(life, series.organizer, list(series.who)) if series.organizer else (),
        room=series.room,
        link=series.link,
        rule=Rule(series.weekdays, series.every),
        made_days_before=20,
    )
    skipped, changed = [], []
    for ago in range(series.begins, LAST_WEEK - 1, -series.every):
        change = series.changes.get(ago)
        for weekday in series.weekdays:
            original = datetime.combine(diary.day(ago, weekday), at)
            if change == "skipped":
                skipped.append(original)
                continue
            start = original
            if change == "moved":
                start = _moved(diary, original, series.minutes)
                changed.append(replace(_occurrence(master, original), start=start, sequence=1))
            elif change == "cancelled":
                changed.append(replace(_occurrence(master, original), cancelled=True, sequence=1))
            elif change == "declined":
                changed.append(replace(_occurrence(master, original), guests=_answered(master, life.owner, mine=True)))
            elif change == "they_declined":
                changed.append(replace(_occurrence(master, original), guests=_answered(master, life.owner, mine=False)))
            if change in (None, "moved"):
                diary.take(start.date(), start.hour * 60 + start.minute, series.minutes)
    diary.entries.append(replace(master, skipped=tuple(skipped), changed=tuple(changed)))


def _occurrence(master: Entry, original: datetime) -> Entry:
    return replace(master, start=original, original_start=original, rule=None, made_days_before=3)


def _moved(diary: Diary, original: datetime, minutes: int) -> datetime:
    """Where a moved occurrence goes: a free span on another day of its week, else an hour later."""
    days = [original.date() - timedelta(days=original.weekday() - weekday) for weekday in range(5)]
    others = [day for day in days if day != original.date()]
    diary.chance.shuffle(others)
    return next((slot for day in others if (slot := diary.slot(day, minutes))), original + timedelta(hours=1))


def _answered(entry: Entry, owner: Person, *, mine: bool) -> tuple[Guest, ...]:
    """The guests with the owner (`mine`) or everyone else declining."""
    return tuple(
        replace(guest, answer="DECLINED") if (guest.person == owner) == mine else guest for guest in entry.guests
    )


def _add_one_to_one(diary: Diary, life: Life, row: Sequence[str]) -> None:
    """A row says how many weeks ago, with whom, who arranged it, what became of it, and its title."""
    ago, who, begun_by, outcome, title = row
    mine = begun_by == "me"
    is_long = any(word in title.lower() for word in ("lunch", "interview"))
    minutes = 60 if is_long else diary.chance.choice((30, 30, 45))
    entry = Entry(
        uid=_uid(diary, life),
        title=title,
        start=diary.slot_in_week(int(ago), minutes),
        minutes=minutes,
        organizer=_person(life, "me" if mine else who),
        guests=_guests(life, "me", [who]) if mine else _guests(life, who, []),
        link="" if title in ("Coffee", "Coffee?", "Lunch", "Lunch?", "Welcome lunch") else life.link,
        cancelled=outcome == "cancelled",
        sequence=1 if outcome in ("cancelled", "moved") else 0,
        made_days_before=diary.chance.randint(3, 14),
    )
    if outcome == "declined":
        entry = replace(entry, guests=_answered(entry, life.owner, mine=True))
    elif outcome == "they_declined":
        entry = replace(entry, guests=_answered(entry, life.owner, mine=False))
    elif outcome == "unanswered":
        invited = _person(life, who) if mine else life.owner
        guests = tuple(replace(g, answer="NEEDS-ACTION") if g.person == invited else g for g in entry.guests)
        entry = replace(entry, guests=guests)
    diary.entries.append(entry)


def _add_extra(diary: Diary, life: Life, ago: int, sort: str, title: str) -> None:
    names = list(life.people)
    others = diary.chance.sample(names[1:], 3)
    blank = Entry(uid=_uid(diary, life), title=title, start=datetime.combine(diary.day(ago, 2), time()), minutes=1440)
    invited = replace(
        blank,
        organizer=life.people[others[0]],
        guests=_guests(life, others[0], others[1:]),
        minutes=60,
        made_days_before=10,
    )
    if sort == "birthday":
        entry = replace(blank, all_day=True, free=True)
    elif sort == "private":
        entry = replace(blank, start=diary.slot_in_week(ago, 60), minutes=60, private=True)
    elif sort == "title_only":
        entry = replace(blank, start=diary.slot_in_week(ago, 45), minutes=45)
    elif sort == "evening":
        entry = replace(invited, start=datetime.combine(diary.day(ago, 3), time(18)), link=life.link)
    elif sort == "overlap":
        entry = replace(invited, start=datetime.combine(diary.day(ago, 2), time(10)), link=life.link)
    elif sort == "for_others":
        listed = tuple(Guest(life.people[name]) for name in others)
        entry = replace(invited, start=diary.slot_in_week(ago, 60), organizer=life.owner, guests=listed)
    elif sort == "free":
        guests = _guests(life, others[0], others[1:], "NEEDS-ACTION")
        entry = replace(invited, start=datetime.combine(diary.day(ago, 1), time(12)), guests=guests, free=True)
    elif sort == "declined":
        guests = _guests(life, others[0], others[1:], "DECLINED")
        entry = replace(invited, start=datetime.combine(diary.day(ago, 4), time(13)), guests=guests)
    elif sort == "webinar":
        host = Person("Stageline", "events@stageline.example")
        entry = replace(
            invited, start=diary.slot_in_week(ago, 60), organizer=host, guests=(Guest(life.owner),), link="zoom"
        )
    else:  # broadcast: to everybody, by an address that stands for many
        everyone = Person("Everyone", f"everyone@{life.owner.address.partition('@')[2]}")
        host = life.people[names[0]]
        entry = replace(
            invited,
            start=diary.slot_in_week(ago, 60),
            organizer=host,
            guests=(Guest(everyone, "NEEDS-ACTION"), *_guests(life, names[0], [])),
            link=life.link,
        )
    diary.entries.append(entry)


def _fill(diary: Diary, life: Life) -> None:
    """Take the rest of each day up to the life's share with calls, groups and work of one's own; less in weeks to come."""
    fill = life.fill
    names = list(life.people)
    for ago in range(FIRST_WEEK, LAST_WEEK - 1, -1):
        share = fill.share if ago >= 0 else fill.share * (0.7 if ago == -1 else 0.4)
        for weekday in range(5):
            day = diary.day(ago, weekday)
            wanted = (share + diary.chance.uniform(-0.05, 0.05)) * 8 * 60
            while day not in diary.away and diary.taken(day) + 30 <= wanted:
                sort = diary.chance.choices(("call", "group", "solo"), fill.weights)[0]
                longest = int(wanted - diary.taken(day))
                minutes = diary.chance.choice([length for length in (60, 60, 90, 120) if length <= longest] or [30])
                start = diary.slot(day, minutes)
                if start is None:
                    minutes, start = 30, diary.slot(day, 30)
                if start is None:
                    break
                diary.entries.append(_filler(diary, life, sort, start, minutes, names))


def _filler(diary: Diary, life: Life, sort: str, start: datetime, minutes: int, names: list[str]) -> Entry:
    titles = {"call": life.fill.calls, "group": life.fill.groups, "solo": life.fill.solo}[sort]
    entry = Entry(
        uid=_uid(diary, life),
        title=diary.chance.choice(titles),
        start=start,
        minutes=minutes,
        made_days_before=diary.chance.randint(1, 14),
    )
    if sort == "solo":
        return entry
    who = diary.chance.sample(names, diary.chance.randint(3, 5))
    organizer = "me" if diary.chance.random() < 0.2 else who.pop()
    guests = tuple(
        replace(guest, answer=diary.chance.choices(("ACCEPTED", "TENTATIVE", "NEEDS-ACTION"), (7, 1, 2))[0])
        if guest.person not in (life.owner, _person(life, organizer))
        else guest
        for guest in _guests(life, organizer, who)
    )
    link = diary.chance.choice((life.link, life.link, "zoom")) if sort == "call" else ""
    room = diary.chance.choice(life.rooms) if sort == "group" else ""
    return replace(entry, organizer=_person(life, organizer), guests=guests, link=link, room=room)
