"""One person's calendar, open: it is read once, and judged anew whenever its owner says something."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from calsight import pipeline
from calsight.core.model.report import Report
from calsight.errors import CalsightError, OwnerNotFoundError
from calsight.pipeline.person import explained_person
from calsight.pipeline.suggestions import Suggested, suggested
from calsight.protocols import Progress
from calsight.serve.book import Book
from calsight.settings.checks import somebody_fault


class NothingOpenError(Exception):
    """No calendar is open."""


@dataclass(slots=True)
class _Open:
    """What is open: its reading, and what follows from it, each found out when it is first asked for."""

    reading: pipeline.Reading
    words: tuple[str, ...]
    weeks: int | None = None
    as_of: date | None = None
    judgement: pipeline.Judgement | None = None
    outline: Report | None = None
    report: Report | None = None
    suggested: Suggested | None = None


@dataclass(slots=True)
class Sitting:
    """A calendar at a time, judged at the end of the day `as_of`, or now. Every method may be called from any thread; they take
    turns. `progress` is how far a reading has come, None before it has.

    What was uploaded stays in a folder of its own until another calendar is opened, or the server ends: other settings (the
    zone, say) may need it to be read again.
    """

    book: Book
    as_of: date | None = None
    _turn: threading.RLock = field(default_factory=threading.RLock)
    _open: _Open | None = None
    _folder: Path | None = None
    _cancel: threading.Event = field(default_factory=threading.Event)
    progress: Progress | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a calendar."""
        return self._open is not None

    def folder(self) -> Path:
        """A new folder for an upload; the calendar before is gone, and where it is still being read, that ends."""
        self._cancel.set()
        with self._turn:
            self.close()
            self._folder = Path(tempfile.mkdtemp(prefix="calsight-"))
            return self._folder

    def open(
        self, words: Sequence[str], *, me: Sequence[str] = (), weeks: int | None = None, as_of: date | None = None
    ) -> None:
        """Read, to be judged at the end of that day where one is given. Raises what `pipeline.read` raises; then what was open
        before is open no more."""
        with self._turn:
            self._open = self.progress = None
            self._cancel = threading.Event()
            reading = pipeline.read(
                list(words),
                me=tuple(me),
                weeks=weeks,
                as_of=as_of or self.as_of,
                settings=self.book.read(),
                corrections=self.book.corrections(),
                cache=not self._folder,
                progress=self._heard,
                cancel=self._cancel,
            )
            self._open = _Open(reading, tuple(words), weeks, as_of)

    def close(self, folder: Path | None = None) -> None:
        """Forget the calendar, and what was uploaded; with `folder` only where that is still the one."""
        with self._turn:
            if folder not in (None, self._folder):
                return
            self._open = self.progress = None
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def is_me(self, address: str) -> None:
        """Say whose calendar it is."""
        with self._turn:
            now = self._opened()
            self._open = _Open(replace(now.reading, me=(address,)), now.words, now.weeks, now.as_of)

    def said(self) -> None:
        """Take in what is in the book now: nothing is read again, and what it cannot change is kept."""
        with self._turn:
            now = self._opened()
            corrections, answers = self.book.corrections(), asdict(self.book.read().answers)
            try:
                judgement = pipeline.corrected(self.judgement(), corrections, answers=answers)
            except OwnerNotFoundError:
                # What was said is of an owner who cannot be told any more: the page asks who it is.
                self.set_anew()
                return
            self._open = _Open(judgement.reading, now.words, now.weeks, now.as_of, judgement)

    def set_anew(self) -> None:
        """Take in other settings: what is read may be another, so it is read again."""
        with self._turn:
            now = self._opened()
            self.open(now.words, me=now.reading.me, weeks=now.weeks, as_of=now.as_of)

    def judgement(self) -> pipeline.Judgement:
        """The judgement. Raises `OwnerNotFoundError` until it is said whose calendar it is."""
        with self._turn:
            now = self._opened()
            now.judgement = now.judgement or pipeline.judge(now.reading)
            return now.judgement

    def named(self, who: str) -> str:
        """The address, or "name:…", of whom the open calendar calls `who`; `who` where it calls nobody so, or several."""
        if somebody_fault(who) is None:
            return who
        try:
            found = explained_person(self.judgement(), who).person
        except (CalsightError, NothingOpenError):
            return who
        return found.address or found.id

    def outline(self) -> Report:
        """The verdict, which is there before the rest."""
        with self._turn:
            now = self._opened()
            now.outline = now.outline or pipeline.outline(self.judgement())
            return now.outline

    def report(self) -> Report:
        """The report."""
        with self._turn:
            now = self._opened()
            now.report = now.report or pipeline.report(self.judgement())
            return now.report

    def suggested(self) -> Suggested:
        """Whom to meet, and when."""
        with self._turn:
            now = self._opened()
            now.suggested = now.suggested or suggested(self.judgement(), ask=True)
            return now.suggested

    def _heard(self, progress: Progress) -> None:
        self.progress = progress

    def _opened(self) -> _Open:
        if self._open is None:
            raise NothingOpenError
        return self._open
