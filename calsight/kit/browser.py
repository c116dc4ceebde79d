"""Sending somebody to a browser to sign in: whether there is one, what is said, and the way back from another machine."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit

#: What the browser shows at the end.
DONE = "calsight is signed in. You may close this window."
#: How long somebody may take in the browser (seconds).
PATIENCE = 300
#: Browsers of the terminal, in which nobody can sign in: these pages need scripts.
_TEXT = frozenset({"www-browser", "links", "links2", "elinks", "lynx", "w3m"})


def has_browser() -> bool:
    """Whether this machine has a browser that somebody can be sent to; one that shows text only is none."""
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return False
    return os.path.basename(str(getattr(found, "name", ""))) not in _TEXT  # noqa: PTH119 - a command, or a path of one


def opening(address: str) -> str:
    """What is said while a browser opens at this address."""
    return f"Your browser opens for the sign-in. If it does not, visit:\n{address}"


def elsewhere(address: str) -> str:
    """What is said where somebody signs in in a browser on another machine, and `take_pasted` waits."""
    return (
        f"Visit this address in a browser on any machine:\n{address}\n"
        "At the end it shows a page that cannot be opened. Copy that page's address (http://localhost…) and paste it here:"
    )


def take_pasted(redirect: str, deliver: Callable[[str], object], say: Callable[[str], None]) -> None:
    """Wait, in the background, for a line on standard input that holds the answer for the `redirect` address, and `deliver` it.

    So the answer of a browser on another machine comes without a tunnel. A line that holds none is said to be none, and the
    next is waited for; nothing else that is typed leaves this function.
    """

    def wait() -> None:
        stream = sys.stdin
        while stream is not None:
            try:
                line = stream.readline()
            except (OSError, ValueError):  # nobody can type here
                return
            if not line:
                return
            if answer := _answer_in(line.strip(), redirect):
                deliver(answer)
                return
            if line.strip():
                say(
                    f"That is not the address of the last page, which begins with {redirect} and holds a code. Copy it whole:"
                )

    threading.Thread(target=wait, daemon=True).start()


def _answer_in(line: str, redirect: str) -> str:
    """The redirect address with the answer in it, "" where a line holds none.

    A browser may have made `https` of it, or show it without what is before the question mark.
    """
    before, mark, query = line.partition("?")
    if "://" in before and urlsplit(before).hostname not in (urlsplit(redirect).hostname, "127.0.0.1"):
        return ""
    query = query if mark else line
    told = dict(parse_qsl(query.partition("#")[0]))
    if "state" in told and told.keys() & {"code", "error"}:
        return f"{redirect}?{urlencode(told)}"
    return ""
