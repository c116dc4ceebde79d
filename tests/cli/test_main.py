"""What holds for every command: pipes, colour, interruption, defects, and a quick help."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from calsight import __main__, pipeline
from cli.conftest import AS_OF, Ran

Cli = Callable[..., Ran]


def test_help_lists_the_commands_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from calsight.cli import main; code = main(['--help']); "
        "heavy = {'pydantic', 'numpy', 'scipy', 'icalendar', 'requests', 'rich', 'holidays'} & set(sys.modules); "
        "sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)

    assert done.returncode == 0, done.stderr
    for command in ("report", "meetings", "events", "doctor", "sources", "settings", "demo"):
        assert f"\n  {command} " in done.stdout


@pytest.mark.parametrize("command", ["report", "meetings", "events", "doctor", "sources", "settings", "demo"])
def test_every_command_has_help(cli: Cli, command: str) -> None:
    ran = cli(command, "--help")

    assert ran.code == 0
    assert ran.out.startswith(f"Usage: calsight {command}")


def test_version(cli: Cli) -> None:
    assert cli("--version").out.startswith("calsight 0.")


def test_an_unknown_command_is_refused(cli: Cli) -> None:
    ran = cli("repot")

    assert ran.code == 2
    assert "repot" in ran.err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("reprot", "calsight report?"),
        ("mettings", "calsight settings or calsight meetings?"),
        ("work.ics", "calsight report work.ics?"),
        ("my files/work.ics", "calsight report 'my files/work.ics'?"),
    ],
)
def test_a_slip_in_a_command_is_met_with_what_was_meant(cli: Cli, typed: str, meant: str) -> None:
    done = cli(typed)
    assert (done.code, done.out) == (2, "")
    assert f"Did you mean: {meant} See: calsight --help" in done.err


def test_the_list_of_commands_cuts_no_sentence_short(cli: Cli) -> None:
    assert "...\n" not in cli("--help").out.partition("Commands:")[2]


def test_a_pipe_gets_no_colour_and_eighty_columns(shell: Cli, calendar: Path) -> None:
    ran = shell("report", calendar, "--as-of", AS_OF)

    assert ran.code == 0
    assert ran.err == ""  # no progress where nobody looks
    assert "\x1b" not in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_forced_colour_is_there_and_no_color_takes_it_away(shell: Cli, calendar: Path) -> None:
    words = ("report", calendar, "--as-of", AS_OF)

    assert "\x1b[" in shell(*words, env={"FORCE_COLOR": "1", "TERM": "xterm-256color"}).out
    plain = shell(*words, env={"FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "xterm-256color"}).out
    assert not any(f"\x1b[{code}m" in plain for code in (31, 32, 33, 36))


def test_json_is_utf_8_whatever_the_locale(shell: Cli, calendar: Path) -> None:
    ran = shell("events", calendar, "--as-of", AS_OF, env={"PYTHONIOENCODING": "ascii"})

    assert ran.code == 0
    assert "Karin Sjögren" in ran.out


def test_a_terminal_without_unicode_gets_ascii(shell: Cli, calendar: Path) -> None:
    ran = shell("report", calendar, "--as-of", AS_OF, env={"PYTHONIOENCODING": "ascii", "COLUMNS": "60"})

    assert ran.code == 0
    assert ran.out.isascii()
    assert ran.out.startswith("+- AT RISK -")


def test_standard_input_is_a_source(shell: Cli, calendar: Path) -> None:
    events = shell("events", "-", "--as-of", AS_OF, stdin=calendar.read_bytes())
    direct = shell("report", calendar, "--as-of", AS_OF)

    assert events.code == 0
    again = shell("report", "-", "--as-of", AS_OF, stdin=events.out.encode())
    assert again.out.replace("standard input", calendar.name) == direct.out


def test_a_reader_that_goes_away_is_no_error(calendar: Path) -> None:
    command = [sys.executable, "-m", "calsight", "events", str(calendar), "--as-of", AS_OF]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        said = running.stderr.read()

    assert running.wait() in (0, 141)
    assert said == b""


def test_ctrl_c_ends_quietly(cli: Cli, calendar: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "read", interrupted)

    ran = cli("report", calendar)

    assert ran.code == 130
    assert "Traceback" not in ran.err


def test_a_defect_is_one_sentence_and_a_traceback_only_for_those_who_ask(
    cli: Cli, calendar: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("Lunch with Ana")

    monkeypatch.setattr(pipeline, "read", broken)

    ran = cli("report", calendar)
    assert ran.code == 1
    assert "ZeroDivisionError" in ran.err
    assert "Lunch" not in ran.err  # what broke may quote a calendar
    assert "Traceback" not in ran.err
    assert "Traceback" in cli("report", calendar, "--verbose").err


def test_log_lines_of_libraries_are_nobodys_output() -> None:
    code = (
        "import logging, sys\n"
        "from calsight import pipeline\n"
        "from calsight.cli import main\n"
        "pipeline.read = lambda *_, **__: logging.getLogger('some.library').error('Lunch with Ana')\n"
        "sys.exit(main(['report', 'work.ics']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)

    assert done.returncode == 1  # nothing was read, which pipeline.judge does not expect
    assert "Lunch" not in done.stderr


def test_ctrl_c_while_the_command_line_is_imported_ends_it_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "calsight.cli", Interrupted("calsight.cli"))
    assert __main__.main() == 130


def test_the_garbage_collector_is_left_as_it_was(cli: Cli, calendar: Path) -> None:
    assert gc.isenabled()
    cli("report", calendar, "--as-of", AS_OF)
    assert gc.isenabled()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to count threads")
def test_a_report_starts_no_threads(calendar: Path) -> None:
    code = (
        "import os, sys; from calsight.cli import main; code = main(sys.argv[1:]); assert 'numpy' in sys.modules; "
        "print(*os.listdir('/proc/self/task'), file=sys.stderr); sys.exit(code)"
    )
    environ = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-c", code, "report", str(calendar), "--as-of", AS_OF],
        capture_output=True,
        env=environ,
        check=False,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert len(done.stderr.split()) == 1


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_progress_is_drawn_on_a_terminal_and_quiet_takes_it_away(calendar: Path) -> None:
    assert b"theo" in _errors_on_a_terminal("events", str(calendar), "--as-of", AS_OF)
    assert _errors_on_a_terminal("events", str(calendar), "--as-of", AS_OF, "--quiet") == b""


def _errors_on_a_terminal(*words: str) -> bytes:
    """What a command writes to stderr where that is a terminal."""
    reader, terminal = os.openpty()
    env = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-m", "calsight", *words], stdout=subprocess.DEVNULL, stderr=terminal, env=env, check=False
    )
    os.close(terminal)
    said = b""
    try:
        while part := os.read(reader, 65536):
            said += part
    except OSError:  # Linux says so when the other end is closed
        pass
    os.close(reader)
    assert done.returncode == 0
    return said
