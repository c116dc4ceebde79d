"""Where the program begins, as `calsight` and as `python -m calsight`."""

from __future__ import annotations

import sys

from calsight.errors import out_of_memory


def main() -> int:
    """Run the command line and return its exit code. What ends it while it is still being imported is no traceback either."""
    try:
        from calsight.cli import main as command_line
    except KeyboardInterrupt:
        return 130
    except (MemoryError, SystemError, ImportError) as error:
        if isinstance(error, ImportError) and not out_of_memory(error):
            raise
        sys.stderr.write("calsight: there is not enough memory to begin.\n")
        return 1
    return command_line()


if __name__ == "__main__":
    sys.exit(main())
