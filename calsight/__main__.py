"""Where the program begins, as `calsight` and as `python -m calsight`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and return its exit code. Ctrl-C ends it quietly while it is still being imported, too."""
    try:
        from calsight.cli import main as command_line
    except KeyboardInterrupt:
        return 130
    return command_line()


if __name__ == "__main__":
    sys.exit(main())
