"""Bring the translations up to the catalogue: `make languages`.

What is new in the catalogue is added to each `calsight.po`; what was changed is kept and marked fuzzy; what is gone goes.
A new language: `python docs/make_languages.py CODE`.
"""

from __future__ import annotations

import sys

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from calsight.core.wording import app, catalogue, explanations, labels, organisation, screens, sentences, terminal
from calsight.core.wording import sentences_doubts as doubts
from calsight.core.wording import sentences_next as following
from calsight.core.wording import sentences_people as people
from calsight.render.languages import FORMS, LOCALE, languages

_SUBJECTS = (sentences, doubts, people, following, explanations, labels, screens, terminal, app, organisation)
_HEADER = """\
# Translations of calsight. Each message: its code (msgctxt), its English (msgid), its translation (msgstr).
# Fields in braces stay; their formats are explained in calsight/core/wording/catalogue.py. To renew: make languages
#"""


def template() -> Catalog:
    """The catalogue as gettext's tools know one."""
    made = Catalog(project="calsight", version="1", charset="utf-8", header_comment=_HEADER)
    context, one, many = FORMS
    made.add(
        (one, many),
        context=context,
        auto_comments=["Number the plural forms from 0 on: 0, 1, and more where there are."],
    )
    for part in catalogue.PARTS:
        (home,) = {module.__name__ for module in _SUBJECTS if part in vars(module).values()}
        for code, text in part.items():
            made.add(text, context=code, locations=[(home.replace(".", "/") + ".py", 1)])
    for message in made:
        message.flags.discard("python-format")
    return made


def update(code: str) -> None:
    """Bring one language's file up to the catalogue."""
    path = LOCALE / code / "LC_MESSAGES" / "calsight.po"
    if path.exists():
        with path.open("rb") as file:
            found = read_po(file, locale=code)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        found = Catalog(locale=code, project="calsight", version="1", charset="utf-8", fuzzy=False)
    known = template()
    known.creation_date = found.creation_date
    found.update(known, keep_user_comments=True)
    found.header_comment = _HEADER
    found.msgid_bugs_address = found.last_translator = found.language_team = "The calsight developers"
    for message in found:
        message.flags.discard("python-format")
    with path.open("wb") as file:
        write_po(file, found, width=128, ignore_obsolete=True, include_lineno=False)
    missing = sum(not message.string for message in found if message.id)
    print(f"{path}: {missing} to translate, {sum(message.fuzzy for message in found if message.id)} to look at again")  # noqa: T201


if __name__ == "__main__":
    for name in sys.argv[1:] or [name for name in languages() if name != "en"]:
        update(name)
