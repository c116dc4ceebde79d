"""Where what a person says against their calendar is kept: the same files that the command line keeps it in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from calsight.core.judging.answers import Answer
from calsight.core.judging.corrections import Correction
from calsight.core.model.answers import CorrectionOut, CorrectionsOut
from calsight.settings.corrections_file import (
    add_correction,
    corrections_path,
    described,
    load_corrections,
    section_of,
    undo_correction,
)
from calsight.settings.file import Settings, default_path, load_settings, write_settings


@dataclass(frozen=True, slots=True)
class Book:
    """The files of one person; `settings` is their settings file, None for the default one."""

    settings: Path | None = None

    @property
    def path(self) -> Path:
        """The settings file."""
        return self.settings or default_path()

    def read(self) -> Settings:
        """The settings; the defaults where there is no file yet."""
        return load_settings(self.settings if self.settings and self.settings.exists() else None)

    def corrections(self) -> list[Correction]:
        """The corrections."""
        return load_corrections(corrections_path(self.settings))

    def listed(self) -> CorrectionsOut:
        """The corrections, each with the number that takes it back."""
        found = self.corrections()
        return CorrectionsOut(
            corrections=[
                CorrectionOut(number=number, kind=_kind(one), text=text)
                for number, (one, text) in enumerate(zip(found, described(found), strict=True), start=1)
            ]
        )

    def add(self, correction: Correction) -> CorrectionOut:
        """Keep a correction; one about the same thing is replaced."""
        add_correction(corrections_path(self.settings), correction)
        number = self.corrections().index(correction) + 1
        return CorrectionOut(number=number, kind=_kind(correction), text=described([correction])[0])

    def undo(self, number: int) -> Correction:
        """Take one back, by its number. Raises `SettingsError` where there is none."""
        return undo_correction(corrections_path(self.settings), number)

    def keep(self, answer: Answer) -> list[CorrectionOut]:
        """Keep the answer to a question: settings where it is about all entries of a kind, else corrections, which are told."""
        if answer.settings:
            self.change({f"answers.{key}": None if value == "ask" else value for key, value in answer.settings.items()})
        return [self.add(correction) for correction in answer.corrections]

    def change(self, changes: dict[str, object]) -> None:
        """Change settings; None takes one out of the file."""
        write_settings(self.path, changes)


def _kind(correction: Correction) -> Literal["meeting", "person", "one_person", "away", "there", "met", "keep"]:
    return cast("Literal['meeting', 'person', 'one_person', 'away', 'there', 'met', 'keep']", section_of(correction))
