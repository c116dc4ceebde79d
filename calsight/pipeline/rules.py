"""The rule plugins that are installed, each so that it cannot take a run down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from calsight.core.judging.rows import Verdict
from calsight.core.model.events import CalendarEvent, Problem
from calsight.reading.guests import TooLongError, hushed, within

if TYPE_CHECKING:
    from calsight.core.people.presence import Presence
    from calsight.reading.plugins import LoadedRule

#: Seconds that a rule may take for one entry; most take some millionths.
PATIENCE = 30.0


def installed_rules() -> list[GuardedRule]:
    """Every rule that is installed."""
    from calsight.reading import plugins

    return [GuardedRule(loaded) for loaded in plugins.rules()]


def problems_of(rules: Iterable[GuardedRule]) -> tuple[Problem, ...]:
    """What is to be said of these rules."""
    return tuple(problem for rule in rules if (problem := rule.problem()) is not None)


class GuardedRule:
    """A rule plugin that cannot take the run down: what it raises is counted, and the entry left to the next rule."""

    def __init__(self, loaded: LoadedRule) -> None:
        self.__name__ = loaded.entry.name  # what `explain` calls it
        self._loaded = loaded
        self._failures = 0
        self._cause = self._too_long = ""

    def __call__(self, event: CalendarEvent, presence: Presence) -> Verdict | None:
        """The rule's verdict; None also where it failed."""
        if self._loaded.rule is None or self._too_long:
            return None
        try:
            with hushed(), within(PATIENCE):
                verdict = self._loaded.rule(event, presence)
            if verdict is not None and not isinstance(verdict, Verdict):
                raise TypeError("no verdict")
            return verdict
        except TooLongError as error:
            self._too_long = f"{error} over an entry"
            return None
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's code: anything may come
            self._failures += 1
            self._cause = type(error).__name__
            return None

    def problem(self) -> Problem | None:
        """What is to be said of this rule, if anything."""
        entry = self._loaded.entry
        if self._too_long:
            text = (
                f"The rule {entry.name!r} ({entry.distribution} {entry.version}) was asked no more: {self._too_long}. "
                "Tell its author, or uninstall it."
            )
            return Problem(code="rule_failed", text=text)
        if not self._failures:
            return self._loaded.problem
        text = (
            f"The rule {entry.name!r} ({entry.distribution} {entry.version}) failed on {self._failures} entries "
            f"({self._cause}); they were left to the other rules. Tell its author, or uninstall it."
        )
        return Problem(code="rule_failed", text=text, count=self._failures)
