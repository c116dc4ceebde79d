"""What holds for all tests.

Hypothesis draws the same examples every time, so that a run says something about the change and not about the day. New ones
are for `make soak`: what it finds becomes an example of its own.
"""

import os

from hypothesis import settings

# A shared or busy machine is slow now and then; that is no failure.
settings.register_profile("calsight", deadline=None, derandomize=True)
settings.register_profile(
    "soak", deadline=None, max_examples=int(os.environ.get("CALSIGHT_SOAK", "2000")), print_blob=True
)
settings.load_profile("calsight")
