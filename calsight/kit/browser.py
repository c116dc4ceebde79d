"""Sending somebody to a browser to sign in: whether there is one, and what is said on the way."""

from __future__ import annotations

import webbrowser

#: What the browser shows at the end.
DONE = "calsight is signed in. You may close this window."
#: How long somebody may take in the browser (seconds).
PATIENCE = 300


def has_browser() -> bool:
    """Whether this machine has a browser that somebody can be sent to."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def opening(address: str) -> str:
    """What is said while a browser opens at this address."""
    return f"Your browser opens for the sign-in. If it does not, visit:\n{address}"
