"""The names under which plugins of earlier builds find `calsight.kit.retry`, and what was there of `calsight.kit.answers`."""

from calsight.kit.answers import retry_after_seconds, waiting_time
from calsight.kit.retry import Retrier, RetryPolicy, Transient

__all__ = ["Retrier", "RetryPolicy", "Transient", "retry_after_seconds", "waiting_time"]
