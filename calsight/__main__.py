"""`python -m calsight`."""

from __future__ import annotations

import sys

from calsight.cli import main

if __name__ == "__main__":
    sys.exit(main())
