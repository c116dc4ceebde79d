"""A card to share: the level, three numbers and the weeks, without any name, address, place or day."""

from __future__ import annotations

import struct
import zlib

from calsight.core.model.report import Report
from calsight.core.wording.words import Words
from calsight.render.html.renderer import environment
from calsight.render.html.view import ICONS
from calsight.render.html.weeks import away_weeks
from calsight.render.redact import redact
from calsight.render.telling import first_upper

_COLOURS = {"at_risk": "#a0262b", "watch": "#86500a", "ok": "#17653b", "insufficient_data": "#4b5563"}
_STEPS = ("#ffffff", "#dcedec", "#b9dbd9", "#93c8c6", "#6fb4b2")
_AWAY = "#ece7da"
_LEFT, _WIDTH, _MOST = 72, 1056, 52
#: How long a PNG's signature and first chunk are, and the chunk after them that says what made it: length, type, text, CRC-32.
_HEAD = 33
_TEXT = b"tEXtSoftware\0calsight"
_SOFTWARE = struct.pack(">I", len(_TEXT) - 4) + _TEXT + struct.pack(">I", zlib.crc32(_TEXT))


def card_svg(report: Report, words: Words | None = None) -> str:
    """The card as SVG (1200 by 630), in the language of `words` (English). It is drawn from the redacted report alone."""
    words = words or Words()
    shown = redact(report)
    level = first_upper(words.label(shown.flag.level))
    rate = words("unknown") if shown.rate.mean is None else words.number(shown.rate.mean, ".1f")
    figures = [
        (rate, words("figure_rate")),
        (words.number(shown.counts.one_to_one, ","), words("figure_one_to_ones")),
        (words.number(shown.breadth.people, ","), words("figure_people")),
    ]
    return (
        environment()
        .get_template("card.svg.j2")
        .render(
            title=words("title"),
            says=f"{level}: {', '.join(f'{value} {name}' for value, name in figures)}.",
            colour=_COLOURS[shown.flag.level],
            icon=ICONS[shown.flag.level],
            level=level,
            figures=figures,
            weeks=_weeks(shown),
            below=words("card_weeks", weeks=len(shown.weeks[-_MOST:])),
            caveat=words("card_caveat"),
        )
    )


def card_png(report: Report, words: Words | None = None) -> bytes:
    """The same as a picture, of twice the size."""
    import vl_convert

    made: bytes = vl_convert.svg_to_png(card_svg(report, words), scale=2)
    return made[:_HEAD] + _SOFTWARE + made[_HEAD:]


def _weeks(report: Report) -> list[tuple[float, float, str]]:
    """Where each of the last weeks is drawn, how wide, and in which colour."""
    weeks = report.weeks[-_MOST:]
    away = {week.week for week in away_weeks(report.weeks)}
    most = max((week.one_to_one for week in weeks), default=0) or 1
    step = min(_WIDTH / max(len(weeks), 1), 60)
    return [
        (
            round(_LEFT + number * step, 1),
            round(step * 0.86, 1),
            _AWAY if week.week in away and not week.one_to_one else _STEPS[-(-4 * week.one_to_one // most)],
        )
        for number, week in enumerate(weeks)
    ]
