"""The local web app, the web API and the MCP server: thin over `calsight.pipeline`.

`create_app` is what products mount behind their own sign-in. This room needs the extra `[serve]`, and nothing of it is
imported before it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from calsight.serve.app import Reach, create_app
    from calsight.serve.limits import Limits
    from calsight.serve.run import serve_forever

__all__ = ["Limits", "Reach", "create_app", "serve_forever"]

_HOME = {"Limits": "limits", "Reach": "app", "create_app": "app", "serve_forever": "run"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'calsight.serve' has no attribute {name!r}")
    return getattr(import_module(f"calsight.serve.{_HOME[name]}"), name)
