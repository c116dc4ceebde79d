"""The name under which plugins of version 0.1 find `calsight.kit.signins`."""

from calsight.kit.signins import SignIns, has_browser

__all__ = ["SignIns", "has_browser"]
