"""What holds for all tests."""

from hypothesis import settings

# A shared or busy machine is slow now and then; that is no failure.
settings.register_profile("calsight", deadline=None)
settings.load_profile("calsight")
