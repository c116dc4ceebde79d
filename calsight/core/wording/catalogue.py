"""The catalogue: every sentence and every word that calsight says, in English, by a stable code.

Data only. `calsight.core.wording.words` fills a template in; a translation is a file with the same
codes (docs/decisions/words.md). Beside Python's own format specifications a field may be written as

    {count:# meeting|# meetings}    the singular or the plural; # is the number
    {days:today|# day ago|# days ago}   the same, with a word for nought
    {p:percent}                     "77 %", "under 1 %", "over 99 %"
    {rate:pace}                     "one a week", "one a fortnight", "0.7 a week"
    {week:day}                      "9 November 2026"
    {week:iso}                      "2026-11-09", for what is typed
    {names:and}                     "Ana, Bo and Cem"; with `list` instead of `and` "Ana, Bo, Cem", or "none"
    {who:named}                     who it is; "Someone without name and address" where it is empty
    {when:days}                     "2 March 2026, 9 March 2026, 16 March 2026 and 4 more"
    {level:label}                   the word for a key: the template `label_KEY`
    {situations:labelled}           "watch and ok": a list of keys, each in its word
    {excluded:labels}               "9 declined, 4 cancelled": counts by key, each in its word

Codes are stable: programs rely on them. To add a sentence: write its code and its English into the module of its subject, then
run `make languages` and fill in what that leaves empty in `calsight/render/locale`.
"""

from __future__ import annotations

from calsight.core.wording.app import APP
from calsight.core.wording.explanations import EXPLANATIONS
from calsight.core.wording.labels import LABELS
from calsight.core.wording.organisation import ORGANISATION
from calsight.core.wording.screens import SCREENS
from calsight.core.wording.sentences import SENTENCES
from calsight.core.wording.sentences_doubts import DOUBTS
from calsight.core.wording.sentences_next import NEXT
from calsight.core.wording.sentences_people import PEOPLE
from calsight.core.wording.terminal import TERMINAL

#: The modules of the catalogue, one subject each; no code stands in two.
PARTS = (SENTENCES, DOUBTS, PEOPLE, NEXT, EXPLANATIONS, LABELS, SCREENS, TERMINAL, APP, ORGANISATION)
CATALOGUE: dict[str, str] = {code: text for part in PARTS for code, text in part.items()}
