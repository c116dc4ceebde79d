"""The name under which plugins of version 0.1 find `calsight.kit.quiet`."""

from calsight.kit.quiet import quiet

__all__ = ["quiet"]
