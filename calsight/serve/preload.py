"""What a worker needs, loaded once by the process that workers are forked from: one calendar takes the whole road."""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

# Nothing here multiplies matrices; idle threads would spin, and take address space that a worker is held to.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def warm() -> None:
    """Report on an invented calendar."""
    from calsight import pipeline
    from calsight.demo import SITUATIONS, invent

    calendar = invent(SITUATIONS[0], as_of=datetime(2026, 1, 30, tzinfo=UTC))
    with tempfile.TemporaryDirectory(prefix="calsight-") as folder:
        path = Path(folder) / calendar.file_name
        path.write_bytes(calendar.ics)
        pipeline.analyze(path, as_of="2026-01-30", settings={}, cache=False).to_json()


warm()
