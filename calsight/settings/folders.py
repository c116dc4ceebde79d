"""Where calsight keeps things on this machine: the folders that the system has for that."""

from __future__ import annotations

from pathlib import Path


def state_dir() -> Path:
    """Where sign-ins and the history of reports are kept."""
    from platformdirs import user_state_path

    return user_state_path("calsight")


def cache_dir() -> Path:
    """Where what connectors fetched is kept; it may be deleted at any time."""
    from platformdirs import user_cache_path

    return user_cache_path("calsight")
