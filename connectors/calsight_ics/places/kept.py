"""Answers of servers kept on disk: what is damaged there is as if it were not there, and nothing about it ends a run.

The disk may be full, the folder somebody else's, a file cut off; a server may send dates that are none. Each costs the copy.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from cachecontrol import CacheControlAdapter, CacheController
from cachecontrol.caches import SeparateBodyFileCache
from cachecontrol.heuristics import LastModified
from cachecontrol.serialize import Serializer

_CHUNK = 1 << 20
_DIGEST = 32


class _Copies(SeparateBodyFileCache):
    """Bodies are kept with a digest before them; one that does not fit was cut off or changed."""

    def get(self, key: str) -> bytes | None:
        with suppress(OSError, ValueError):
            if (body := self.get_body(key)) is not None:
                with body:
                    return super().get(key)
        return None

    def get_body(self, key: str) -> IO[bytes] | None:
        with suppress(OSError, ValueError):
            body = super().get_body(key)
            if body is None:
                return None
            kept, found = body.read(_DIGEST), sha256()
            while chunk := body.read(_CHUNK):
                found.update(chunk)
            if found.digest() == kept:
                body.seek(_DIGEST)
                return body
            body.close()
        return None

    def set(self, key: str, value: bytes, expires: Any = None) -> None:
        with suppress(OSError, ValueError):
            super().set(key, value, expires)

    def set_body(self, key: str, body: bytes) -> None:
        with suppress(OSError, ValueError):
            super().set_body(key, sha256(body).digest() + body)

    def delete(self, key: str) -> None:
        with suppress(OSError, ValueError):
            super().delete(key)


class _Reader(Serializer):
    """A copy whose description cannot be read is none; its body is closed."""

    def loads(self, request: Any, data: bytes, body_file: IO[bytes] | None = None) -> Any:
        found = None
        with suppress(Exception):  # a damaged file
            found = super().loads(request, data, body_file)
        if found is None and body_file is not None:
            body_file.close()
        return found


class _Careful(CacheController):
    """What a server says about its answer may make no sense; then it is not kept, or not used."""

    def cached_request(self, request: Any) -> Any:
        try:
            return super().cached_request(request)
        except Exception:  # noqa: BLE001 - a stranger's headers, or a damaged file
            return False

    def conditional_headers(self, request: Any) -> Any:
        try:
            return super().conditional_headers(request)
        except Exception:  # noqa: BLE001 - as above
            return {}

    def update_cached_response(self, request: Any, response: Any) -> Any:
        try:
            return super().update_cached_response(request, response)
        except Exception:  # noqa: BLE001 - as above
            return response

    def cache_response(self, *arguments: Any, **named: Any) -> None:
        with suppress(Exception):
            super().cache_response(*arguments, **named)


def adapter(folder: Path) -> CacheControlAdapter:
    """An adapter of requests that keeps calendars in that private folder, also those that have only a Last-Modified date."""
    cache = _Copies(str(folder), filemode=0o600, dirmode=0o700)
    made = CacheControlAdapter(cache, heuristic=LastModified(), controller_class=_Careful, serializer=_Reader())
    made.controller.cacheable_status_codes = (200,)  # what redirects lead to is secret, on disk too
    return made
