"""Files that are written whole or not at all, and files and folders that nobody else may read.

Whoever reads a file that `write_whole` replaces sees the old content or the new, never half of either; a run that is killed
leaves the old. Why this is not a library's: docs/decisions/whole-files.md.
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

#: The mode of what holds something private: its owner reads and writes it, nobody else.
PRIVATE = 0o600
#: The mode of a file that one asked for by name; the umask takes from it what the user does not want to give.
ORDINARY = 0o666
_PRIVATE_FOLDER = 0o700
#: What names a file that this process has open, by its number; links to these names are followed so far.
_OPEN = re.compile(r"/(?:dev|proc/(?:self|thread-self))/fd/(\d+)")
_MOST_LINKS = 40
#: Windows would change the ends of lines.
_BYTES = getattr(os, "O_BINARY", 0)
_AT_ONCE = getattr(os, "O_NONBLOCK", 0)


def write_whole(path: Path, content: bytes, *, mode: int = ORDINARY, keep_mode: bool = True) -> None:
    """Replace the file at `path`, or make it; where that fails, everything is as before and nothing lies about.

    A link is followed, and leads to the new content; what is no file (a pipe), or is open already (`/dev/stdout`), is written
    to. A new file has `mode` less the umask, and so has one that is replaced with `keep_mode=False`; otherwise what is replaced
    keeps its mode. The folder must be there. Raises `OSError`.
    """
    number = _open_file(path)
    if number is not None:
        with os.fdopen(os.dup(number), "wb") as stream:
            stream.write(content)
        return
    if path.exists() and not path.is_file():
        handle = _opened_at_once(path)
        with os.fdopen(handle, "wb") as stream:
            if _AT_ONCE:
                os.set_blocking(handle, True)
            stream.write(content)
        return
    path = path.resolve()
    kept = path.stat().st_mode & 0o777 if keep_mode and path.exists() else None
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BYTES, mode if kept is None else PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # else a power cut may leave the new name with nothing in it
        if kept is not None:
            draft.chmod(kept)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _open_file(path: Path) -> int | None:
    """The number of the open file that a path such as `/dev/stdout`, `/dev/fd/3` or a link to one means, else None.

    Its name, if it still has one, would be the name of another file once that is replaced.
    """
    place = path.absolute()  # not resolved: that follows the open file to its name
    for _ in range(_MOST_LINKS):
        if found := _OPEN.fullmatch(str(place)):
            return int(found[1])
        if not place.is_symlink():
            return None
        place = Path(os.path.normpath(place.parent / place.readlink()))
    return None


def _opened_at_once(path: Path) -> int:
    """What is no file, opened for writing without waiting for whoever may never read it."""
    try:
        return os.open(path, os.O_WRONLY | _AT_ONCE | _BYTES)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "nobody reads this pipe") from None
        raise


def append_whole(path: Path, line: bytes) -> None:
    """Add to the private file at `path`, or make it, in one write: two processes at once do not mix. Raises `OSError`."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BYTES | _AT_ONCE, PRIVATE)
    try:
        os.write(handle, line)
    finally:
        os.close(handle)


def private_file(path: Path) -> None:
    """Make sure that the file at `path` is there and private. It never exists with another mode. Raises `OSError`."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE))
    path.chmod(PRIVATE)


def private_folder(path: Path) -> Path:
    """The folder at `path`, made where it is missing, for its owner alone. Raises `OSError`."""
    path.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    return path
