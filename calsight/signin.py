"""The name under which plugins of version 0.1 find `calsight.kit.signin`."""

from calsight.kit.signin import SignIns, has_browser

__all__ = ["SignIns", "has_browser"]
