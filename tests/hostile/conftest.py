"""The command line as in `tests/cli`, away from this machine's own settings and caches."""

from cli.conftest import calendar, cli, own_home, shell

__all__ = ["calendar", "cli", "own_home", "shell"]
