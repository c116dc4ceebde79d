"""The name under which plugins of earlier builds find `calsight.kit.quiet`."""

from calsight.kit.quiet import quiet

__all__ = ["quiet"]
