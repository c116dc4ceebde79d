"""The name under which plugins of version 0.1 find `calsight.kit.retry`."""

from calsight.kit.retry import Retrier, RetryPolicy, Transient, retry_after_seconds, waiting_time

__all__ = ["Retrier", "RetryPolicy", "Transient", "retry_after_seconds", "waiting_time"]
