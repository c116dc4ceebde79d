"""How a run ends: the streams that it begins with, and one sentence and an exit code for whatever stops it."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import click

from calsight import __version__
from calsight.errors import CalsightError, out_of_memory
from calsight.kit.secrets import without_secrets

_PIPE_CLOSED = 128 + 13  # what a shell shows of a program that SIGPIPE ended
#: What asks a process to end, where the system has it.
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class _Stopped(KeyboardInterrupt):
    """A signal asked this process to end: like Ctrl-C, so that everything is put in order on the way out."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextmanager
def stopping() -> Iterator[None]:
    """Signals that end a process unwind it first: no half-written file stays behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stopped(number)

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    ours = [number for number, known in before.items() if known is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, before[number])


def prepare_streams() -> None:
    """Streams that are there and raise nothing over a character.

    What was closed by whoever started this process gets a stand-in: else the first file that is opened would take its number,
    and what is written to standard output would end up in it. Reading finds nothing there, and writing is refused.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None and not _is_open(number):
            stand_in = os.open(os.devnull, os.O_RDWR if name == "stderr" else os.O_RDONLY)
            if stand_in != number:
                os.dup2(stand_in, number)
                os.close(stand_in)
            if name != "stdin":
                setattr(sys, name, open(number, "w", closefd=False))  # noqa: SIM115 - a stream, for good
    # PYTHONUNBUFFERED: half of a write might go missing.
    if isinstance(getattr(sys.stdout, "buffer", None), io.RawIOBase):
        sys.stdout = open(sys.stdout.fileno(), "w", 1, sys.stdout.encoding, closefd=False)  # noqa: SIM115 - as above
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def ended(error: BaseException, *, verbose: bool) -> int:
    """Say in a sentence on stderr what ended the run, and return its exit code. What is no error is quiet."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    if isinstance(error, click.ClickException):
        return _usage(error)
    if isinstance(error, CalsightError):
        return failed(without_secrets(str(error)), error.exit_code)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return failed("stopped.", 128 + getattr(error, "number", 2))
    if isinstance(error, BrokenPipeError):
        _quiet_stdout()  # whoever read our output has seen enough (`| head`)
        return _PIPE_CLOSED
    if out_of_memory(error):
        return failed("there is not enough memory for this. Read a shorter span, or less at once.", 1)
    if isinstance(error, OSError) and error.errno is not None:
        return _refused(error)
    return _defect(error, verbose=verbose)


def failed(message: str, code: int) -> int:
    """Say each line of the message on stderr, and return the exit code."""
    from calsight.render.safe import clean

    with suppress(OSError):  # nobody is there to be told
        for line in message.splitlines():
            click.echo(f"calsight: {clean(line)}", err=True)
    return code


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _usage(error: click.ClickException) -> int:
    help_for = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "calsight"
    return failed(f"{without_secrets(error.format_message())} See: {help_for} --help", error.exit_code)


def _refused(error: OSError) -> int:
    """What the system refuses: a full disk, a closed stream, no more open files. Neither we nor the caller did wrong."""
    if error.filename is None:
        _quiet_stdout()
        closed = error.errno == errno.EBADF
        why = "it is closed" if closed else os.strerror(error.errno or 0)
        return failed(f"standard output cannot be written: {why}.", 1)
    return failed(f"{os.fsdecode(error.filename)}: {os.strerror(error.errno or 0)}.", 1)


def _quiet_stdout() -> None:
    """What is still buffered must not fail once more when Python ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _defect(error: BaseException, *, verbose: bool) -> int:
    if verbose:
        click.echo(without_secrets("".join(traceback.format_exception(error))), err=True, nl=False)
    return failed(
        f"something went wrong inside calsight {__version__} ({type(error).__name__}), and that is our fault. Please report "
        f"it with what --verbose prints, after taking out what is private.",
        1,
    )
