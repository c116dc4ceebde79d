"""A Vega-Lite specification as SVG, through vl-convert.

Its JavaScript engine reserves more address space than any calendar needs, and ends the whole process where it cannot have that
(`ulimit -v`). Where there is such a limit it draws in a process of its own, so that what ends is that one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import vl_convert

from calsight.errors import CalsightError

_CHILD = (
    "import json, resource, sys, vl_convert; most = resource.getrlimit(resource.RLIMIT_AS)[1]; "
    "resource.setrlimit(resource.RLIMIT_AS, (most, most)); "  # as much as it may have
    "sys.stdout.write(vl_convert.vegalite_to_svg(**json.load(sys.stdin)))"
)
_SECONDS = 120


def to_svg(spec: dict[str, Any], **locales: Any) -> str:
    """The drawing. Raises `CalsightError` where the machine has not the memory for it."""
    asked = {"vl_spec": spec, "vl_version": "5.20", "allowed_base_urls": [], **locales}
    if not _is_limited():
        svg: str = vl_convert.vegalite_to_svg(**asked)
        return svg
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-c", _CHILD],
            input=json.dumps(asked).encode(),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is None or done.returncode:
        raise CalsightError(
            "The charts of the page need more memory than this process may have (ulimit -v). Raise that limit, or choose "
            "another form: --markdown."
        )
    return done.stdout.decode()


def _is_limited() -> bool:
    """Whether this process may have so much address space only."""
    try:
        import resource
    except ImportError:  # Windows
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
