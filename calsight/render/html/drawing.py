"""A Vega-Lite specification as SVG, through vl-convert.

Its JavaScript engine takes as long to start as a small calendar takes to be read and judged, and Python waits meanwhile. Within
`started` it is started in a process of its own, so that both go on at once where there are two processors.

The engine also reserves more address space than any calendar needs, and ends the whole process where it cannot have that
(`ulimit -v`). Where there is such a limit it draws in a process of its own in any case, so that what ends is that one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Timer
from typing import IO, Any, cast

import vl_convert

from calsight.errors import CalsightError

#: Nothing is loaded from anywhere: vl-convert 1 is told so with each drawing, and no drawing names an address.
_NOWHERE: dict[str, Any] = {} if hasattr(vl_convert, "configure") else {"allowed_base_urls": []}
_OPTIONS = {"vl_version": "5.20"} | _NOWHERE
#: Draws nothing at first, for the engine to start; then what each line of its input asks for.
_CHILD = f"""
import json, sys, vl_convert
try:
    import resource
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (most, most))  # as much as it may have
except ImportError:  # Windows
    pass
vl_convert.vegalite_to_svg({{"mark": "point", "data": {{"values": []}}}}, **{_OPTIONS!r})
for line in sys.stdin:
    print(json.dumps(vl_convert.vegalite_to_svg(**json.loads(line))), flush=True)
"""
_SECONDS = 120
_ENGINE: ContextVar[_Engine | None] = ContextVar("_ENGINE", default=None)


def to_svg(spec: dict[str, Any], **locales: Any) -> str:
    """The drawing. Raises `CalsightError` where the machine has not the memory for it."""
    asked = {"vl_spec": spec, **_OPTIONS, **locales}
    if engine := _ENGINE.get():
        with suppress(OSError, ValueError):
            return engine.draw(asked)
    if not _is_limited():
        svg: str = vl_convert.vegalite_to_svg(**asked)
        return svg
    try:
        with _Engine() as engine:
            return engine.draw(asked)
    except (OSError, ValueError):
        raise CalsightError(
            "The charts of the page need more memory than this process may have (ulimit -v). Raise that limit, or choose "
            "another form: --markdown."
        ) from None


@contextmanager
def started() -> Iterator[None]:
    """Start the engine beside this process, for what is drawn within. Where it ends or cannot start, `to_svg` does without."""
    try:
        engine = _Engine()
    except OSError:
        yield
        return
    with engine:
        token = _ENGINE.set(engine)
        try:
            yield
        finally:
            _ENGINE.reset(token)


class _Engine:
    """vl-convert in a process of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._asked = cast("IO[bytes]", self._process.stdin)
        self._drawn = cast("IO[bytes]", self._process.stdout)

    def __enter__(self) -> _Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def draw(self, asked: dict[str, Any]) -> str:
        """The drawing. Raises `OSError` or `ValueError` where the process has ended."""
        limit = Timer(_SECONDS, self._process.kill)
        limit.start()
        try:
            self._asked.write(json.dumps(asked).encode() + b"\n")
            self._asked.flush()
            svg: str = json.loads(self._drawn.readline())
            return svg
        finally:
            limit.cancel()


def _is_limited() -> bool:
    """Whether this process may have so much address space only."""
    try:
        import resource
    except ImportError:  # Windows
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
