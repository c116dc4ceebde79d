"""The errors that end a run.

    CalsightError
    ├── UsageError                 exit code 2: wrong arguments or settings
    │   ├── SettingsError          a settings file or value is wrong
    │   ├── OwnerNotFoundError     nobody stands out as the calendar's owner, or two do
    │   ├── ConnectorUnknownError  no such connector
    │   ├── RendererUnknownError   no such renderer
    │   ├── MissingExtraError      the connector is known, a package that it needs is not installed
    │   └── PluginError            a plugin cannot be loaded, or two claim one name
    ├── SourceError                exit code 3: nothing could be read from a source
    │   ├── NotSignedInError       sign-in needed; names the command
    │   ├── PermissionMissingError consent or sharing missing; names the scope or calendar
    │   ├── RateLimitedError       the server asks to wait; says until when
    │   ├── ServerTroubleError     the server failed or could not be reached
    │   ├── PluginFailedError      a plugin raised, returned or did what none may; names it and its distribution
    │   ├── AccessError            the source may not be reached here ([sources] network, folders)
    │   ├── PayloadInvalidError    what came back is not what was asked for
    │   └── StoreError             the local store cannot be used; names its file and --no-cache
    └── CancelledError             the caller cancelled

Each message is one or two plain sentences that name the thing, the cause and the next step. Messages never hold a token, a
title, or a person's address, save those that the user typed. What costs one entry only is a `Problem`, not an error.
"""

from __future__ import annotations


class CalsightError(Exception):
    """The root of calsight's own errors. `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(CalsightError):
    """Wrong arguments or settings."""

    exit_code = 2


class SettingsError(UsageError):
    """A settings file or value is wrong; names the key, the cause and, for an unknown key, the nearest right one."""


class OwnerNotFoundError(UsageError):
    """Nobody stands out as the calendar's owner, or two do; names the likeliest and asks for `--me`.

    `candidates` are the addresses of the likeliest, the likeliest first.
    """

    def __init__(self, message: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class ConnectorUnknownError(UsageError):
    """No connector of that name is installed; lists those that are."""


class RendererUnknownError(UsageError):
    """No renderer of that name is installed; lists those that are."""


class MissingExtraError(UsageError):
    """A connector's packages are not installed; names the command that installs them."""


class PluginError(UsageError):
    """A plugin cannot be loaded (names its distribution and the cause), or two distributions claim one name."""


class SourceError(CalsightError):
    """Nothing could be read from a source."""

    exit_code = 3


class NotSignedInError(SourceError):
    """Sign-in is needed, or the old one expired."""


class PermissionMissingError(SourceError):
    """The account is signed in but may not read this calendar."""


class RateLimitedError(SourceError):
    """The server asked to slow down for longer than the deadline allows."""


class ServerTroubleError(SourceError):
    """The server failed, or could not be reached."""


class PluginFailedError(SourceError):
    """A plugin raised, returned or did what none may; names it and its distribution."""


class AccessError(SourceError):
    """The source may not be reached here: `[sources] network` or `folders` says so."""


class PayloadInvalidError(SourceError):
    """The source answered with something that is not a calendar."""


class StoreError(SourceError):
    """The local store cannot be used; names its file and how to do without."""


class CancelledError(CalsightError):
    """The caller's `cancel` was set."""


#: What the system's loader says where a library finds no room.
_NO_ROOM = ("failed to map segment from shared object", "annot allocate memory")


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that there is no memory left: Python's own, or one of a library that cannot be loaded."""
    return isinstance(error, MemoryError) or (
        isinstance(error, ImportError) and any(words in str(error) for words in _NO_ROOM)
    )
