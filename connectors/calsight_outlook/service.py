"""What Microsoft is called, for what every connector of a service says and refuses."""

from __future__ import annotations

from calsight.kit.answers import Service

MICROSOFT = Service("outlook", "Microsoft")
