"""The names under which plugins of earlier builds find `calsight.kit.section` and `calsight.kit.sync`."""

from calsight.kit.section import checked_section, require_safe
from calsight.kit.sync import sync_state, usable_state

__all__ = ["checked_section", "require_safe", "sync_state", "usable_state"]
