"""What a person says against their calendar, as JSON: the keys of corrections.toml, with a `kind`."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from calsight.core.judging.corrections import (
    Away,
    Correction,
    KeepUp,
    Met,
    OnePerson,
    There,
    ThisMeeting,
    ThisPerson,
)
from calsight.core.model.options import Relation
from calsight.render.safe import tidy
from calsight.serve.asked import Day
from calsight.serve.problems import ProblemError
from calsight.settings.checks import address_fault, person_fault, somebody_fault
from calsight.settings.corrections_file import MOST_WEEKS

#: Where a fault lies, by pydantic, besides the name of what is wrong.
_CARRIERS = ("query", "body", "path")
_Who = Annotated[str, Field(min_length=1, max_length=320)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SaidMeeting(_Said):
    """An entry is, or is not, a one-to-one; `on` picks one occurrence by its day, `with` says with whom."""

    kind: Literal["meeting"]
    uid: Annotated[str, Field(min_length=1, max_length=2000)]
    one_to_one: bool
    on: Day | None = None
    who: str = Field("", alias="with", max_length=320)

    def correction(self) -> Correction:
        """The correction."""
        return ThisMeeting(self.uid, self.one_to_one, self.on, _address(self.who) if self.who else "")


class SaidPerson(_Said):
    """Who someone is. `address` may be "name:Bo Lind", of somebody who has none."""

    kind: Literal["person"]
    address: _Who
    word: Relation | Literal["assistant", "colleague", "me"] = Field(alias="is")

    def correction(self) -> Correction:
        """The correction."""
        return ThisPerson(_person(self.address), self.word)


class SaidOnePerson(_Said):
    """Two addresses are one person's."""

    kind: Literal["one_person"]
    address: _Who
    other: _Who

    def correction(self) -> Correction:
        """The correction."""
        return OnePerson(_address(self.address), _address(self.other))


class SaidDays(_Said):
    """The owner was away, or there although hardly anything shows it, from a day to a day, both included."""

    kind: Literal["away", "there"]
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    def correction(self) -> Correction:
        """The correction."""
        if self.last < self.first:
            raise ProblemError(422, "corrections", f"{self.first} is after {self.last}. Swap them.")
        return (Away if self.kind == "away" else There)(self.first, self.last)


class SaidMet(_Said):
    """The owner met someone one-to-one, off the calendar."""

    kind: Literal["met"]
    who: _Who = Field(alias="with")
    on: Day

    def correction(self) -> Correction:
        """The correction."""
        return Met(_somebody(self.who), self.on)


class SaidKeepUp(_Said):
    """The owner wants to meet someone every so many weeks. It changes nothing of what the calendar says."""

    kind: Literal["keep"]
    who: _Who = Field(alias="with")
    weeks: int = Field(alias="every_weeks", ge=1, le=MOST_WEEKS, strict=True)

    def correction(self) -> Correction:
        """The correction."""
        return KeepUp(_somebody(self.who), self.weeks)


Said: TypeAlias = Annotated[
    SaidMeeting | SaidPerson | SaidOnePerson | SaidDays | SaidMet | SaidKeepUp, Field(discriminator="kind")
]
_ALL: TypeAdapter[list[Said]] = TypeAdapter(list[Said])


def corrections_of(said: object) -> list[Correction]:
    """The corrections that a JSON list stands for. Raises `ProblemError`."""
    try:
        return [one.correction() for one in _ALL.validate_python(said)]
    except ValidationError as error:
        raise ProblemError(422, "corrections", sentence(error.errors()[0])) from None


def sentence(fault: Any, names: Collection[str] = ()) -> str:
    """A fault that pydantic found, in a sentence that does not repeat what was sent; `names` are those that were possible."""
    place = ".".join(str(part) for part in fault["loc"] if part not in _CARRIERS)
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        return no_such(place, names)
    if kind == "union_tag_invalid":
        place, said = ".".join(filter(None, (place, "kind"))), f"must be one of {context['expected_tags']}"
    elif kind in ("missing", "missing_argument", "missing_keyword_only_argument"):
        said = "is needed"
    else:
        said = fault["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
        place += ":" if place and not said.startswith("must be") else ""
    return f"{place} {said}.".lstrip()


def no_such(name: str, names: Collection[str]) -> str:
    """That there is nothing of that name, and what was meant, or what there is."""
    near = get_close_matches(name, names, n=1)
    more = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(names)}." if names else ""
    return f"There is no {tidy(name)[:40]!r} here.{more}"


def _person(text: str) -> str:
    if fault := person_fault(text):
        raise ProblemError(422, "corrections", fault)
    return text


def _somebody(text: str) -> str:
    if fault := somebody_fault(text):
        raise ProblemError(422, "corrections", fault)
    return text


def _address(text: str) -> str:
    if fault := address_fault(text):
        raise ProblemError(422, "corrections", fault)
    return text
