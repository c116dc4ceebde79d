"""The languages that results are said in: which there are, which one a person's system asks for, and the making of one.

A translation is one file of GNU gettext, `locale/LANGUAGE/LC_MESSAGES/calsight.po`: context is the code of a sentence, the text
to be translated is its English in `calsight.core.wording.catalogue`. How a language writes numbers, days and lists is the
Unicode consortium's (CLDR), through Babel. English needs neither; nothing of this is imported for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from calsight.core.model.report import Part, Question, Reason
from calsight.core.wording.catalogue import CATALOGUE
from calsight.core.wording.words import ENGLISH, Language, Style, Words
from calsight.errors import UsageError

Said = TypeVar("Said", bound=Part)

LOCALE = Path(__file__).with_name("locale")
#: In this order GNU's programs ask for the language of messages.
_ASKED = ("LC_ALL", "LC_MESSAGES", "LANG")
#: A message of the files themselves: its plural forms are their own numbers, so that gettext says which one a number takes.
FORMS = ("plural form", "0", "1")


def languages() -> list[str]:
    """The languages that there are, by their codes: "de", "en"."""
    return sorted({"en", *(path.parts[-3] for path in LOCALE.glob("*/LC_MESSAGES/calsight.po"))})


def language_of(environ: Mapping[str, str]) -> str:
    """The language that a system's settings ask for; "en" where they ask for none or for one that is not there."""
    asked = next((environ[name] for name in _ASKED if environ.get(name)), "")
    code = asked.replace("@", ".").partition(".")[0].partition("_")[0].lower()
    return code if code not in ("", "c", "en") and code in languages() else "en"


def words_in(language: str, *, zone: str = "UTC") -> Words:
    """The words of a language, for an owner in `zone`. Raises `UsageError` for a language that is not there."""
    return Words(load_language(language), zone=zone)


def check_language(code: str) -> str:
    """The code of a language that is there. Raises `UsageError` for another."""
    if code not in languages():
        raise UsageError(f"There is no language {code!r}. There are: {', '.join(languages())}.")
    return code


def load_language(code: str) -> Language:
    """A language by its code. Raises `UsageError` for one that is not there."""
    if code == "en":
        return ENGLISH
    check_language(code)
    return _language(code, _translations(LOCALE / code / "LC_MESSAGES" / "calsight.po"))


def _translations(path: Path) -> GNUTranslations:
    """The translations of a file: compiled where an installation holds them so, which is quicker to read."""
    compiled = path.with_suffix(".mo")
    if compiled.exists():
        with compiled.open("rb") as file:
            return GNUTranslations(file)
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file)
    made = BytesIO()
    write_mo(made, catalogue)
    made.seek(0)
    return GNUTranslations(made)


def _language(code: str, translations: GNUTranslations) -> Language:
    from babel import Locale
    from babel.dates import format_date, format_skeleton
    from babel.lists import format_list
    from babel.numbers import get_decimal_symbol, get_group_symbol

    locale = Locale.parse(code)
    skeletons: dict[Style, str] = {"medium": "yMMMd", "short": "MMMd", "weekday": "MMMEd", "full": "yMMMEd"}

    def plural(count: int) -> int:
        return int(translations.npgettext(*FORMS, count))

    def day(when: date, style: Style) -> str:
        if style in ("long", "number"):
            return format_date(when, "long" if style == "long" else "medium", locale=locale)
        return format_skeleton(skeletons[style], when, locale=locale)

    def listed(items: Sequence[str]) -> str:
        return format_list(items, locale=locale)

    # What Python makes of a number, with the marks of the language: it is rounded alike in all of them.
    decimal, group = get_decimal_symbol(locale), get_group_symbol(locale)
    marks = str.maketrans({".": decimal, ",": group})

    return Language(
        code=code,
        templates={name: translations.pgettext(name, text) for name, text in CATALOGUE.items()},
        forms=1 + max(plural(count) for count in range(200)),
        plural=plural,
        number=lambda value, spec: format(value, spec).translate(marks),
        day=day,
        listed=listed,
        months=_names(locale.months["format"]["wide"], range(1, 13)),
        months_short=_names(locale.months["stand-alone"]["abbreviated"], range(1, 13)),
        weekdays=_names(locale.days["format"]["wide"], range(7)),
        weekdays_short=_names(locale.days["stand-alone"]["abbreviated"], range(7)),
        marks=(decimal, group),
    )


def _names(names: Mapping[int, Any], keys: range) -> tuple[str, ...]:
    return tuple(str(names[key]) for key in keys)


def said_in(part: Said, language: str) -> Said:
    """A report, or a part of one, with the text of every reason in a language; codes and values stay. In English it is `part`
    itself. Raises `UsageError` for a language that is not there."""
    return part if language == "en" else _said(part, words_in(language))


def _said(part: Any, words: Words) -> Any:
    if isinstance(part, Reason):
        return part.model_copy(update={"text": words.said(part)})
    if isinstance(part, Question):
        return part.model_copy(update={"text": words.said(part.said)})
    if isinstance(part, list):
        return [_said(item, words) for item in part]
    if isinstance(part, Part):
        found = {name: _said(value, words) for name, value in part if isinstance(value, Part | list)}
        return part.model_copy(update=found)
    return part
