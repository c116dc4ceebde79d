"""What the tests about Google share: invented people."""

from __future__ import annotations

from fakes.google import person

ME = "ana@example.com"
ANA = person(ME, "Ana", self=True)
BO = person("bo@example.com", "Bo")
