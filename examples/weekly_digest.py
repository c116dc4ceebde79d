"""A weekly digest for a chat, in ten lines: calsight week work.ics --json | python weekly_digest.py [WEBHOOK]

Without a webhook (Slack's, Mattermost's: whatever takes {"text": …}) the message is printed.
"""

import json
import sys
import urllib.request
from typing import Any


def digest(week: dict[str, Any]) -> str:
    """The message, in the chat's Markdown."""
    lines = [f"*Your week* ({week['level'].replace('_', ' ')})"]
    lines += [f"• {said['text']}" for said in (*week["held"], *week["compared"]["changes"])]
    if week["suggestion"] is not None:
        lines.append(f"→ {week['suggestion']['why']['text']}")
    return "\n".join(lines)


def main(webhook: str = "") -> None:
    """Read the week from standard input; post it, or print it."""
    message = json.dumps({"text": digest(json.load(sys.stdin))}).encode()
    if not webhook:
        print(json.loads(message)["text"])
        return
    asked = urllib.request.Request(webhook, message, {"Content-Type": "application/json"})  # noqa: S310 - your own address
    urllib.request.urlopen(asked, timeout=10).close()  # noqa: S310


if __name__ == "__main__":
    main(*sys.argv[1:])
