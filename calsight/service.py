"""The name under which plugins of version 0.1 find `calsight.kit.service`."""

from calsight.kit.service import checked_section, require_safe, sync_state, usable_state

__all__ = ["checked_section", "require_safe", "sync_state", "usable_state"]
