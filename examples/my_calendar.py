"""Whom do I meet one-to-one? A command-line tool of one page, on calsight's public API.

python examples/my_calendar.py work.ics --me ana@example.com
"""

import argparse
import sys
from collections import Counter
from datetime import date

import calsight


def main(argv: list[str] | None = None) -> int:
    """Print the people met one-to-one, most often first, and what the calendar says as a whole."""
    parser = argparse.ArgumentParser(description="Whom do I meet one-to-one?")
    parser.add_argument("source", nargs="+", help="a calendar file, a folder of them, or an address")
    parser.add_argument("--me", action="append", default=[], help="an address of yours")
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD")
    options = parser.parse_args(argv)
    request = {"me": options.me, "weeks": options.weeks, "as_of": options.as_of}

    try:
        meetings = calsight.meetings(options.source, **request)
        report = calsight.analyze(options.source, **request)
    except calsight.CalsightError as error:
        print(error, file=sys.stderr)
        return error.exit_code

    met = Counter(
        meeting.counterparts[0].name or meeting.counterparts[0].address
        for meeting in meetings
        if meeting.kind is calsight.Kind.ONE_TO_ONE and meeting.held and meeting.counterparts
    )
    for person, times in met.most_common():
        print(f"{times:4}  {person}")
    print(f"{report.counts.one_to_one} one-to-ones in {report.exposure.weeks:.1f} weeks: {report.flag.level}")
    for reason in report.flag.reasons:
        print(f"- {reason.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
