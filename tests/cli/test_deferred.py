"""SciPy comes without the parts of NumPy that it only names; whoever asks for one still gets it."""

import subprocess
import sys

LOADED = "type(sys.modules['numpy.{}']).__name__"


def python(*lines: str) -> list[str]:
    start = ["import sys", "from calsight.cli.deferred import defer_parts_of_numpy", "defer_parts_of_numpy()"]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([*start, *lines])], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    return done.stdout.split("\n")[:-1]


def test_scipy_computes_and_what_it_only_names_is_not_run():
    printed = python(
        "from scipy.special import gammainc",
        "print(round(float(gammainc(1.0, 1.0)), 6))",
        f"print({LOADED.format('f2py')}, {LOADED.format('testing')}, 'numpy.f2py.crackfortran' in sys.modules)",
    )
    assert printed == ["0.632121", "_LazyModule _LazyModule False"]


def test_a_part_that_is_asked_for_is_itself():
    printed = python(
        "import numpy, numpy.random",
        "import numpy.polynomial as P",
        "print(P.Polynomial([1, 2])(3), numpy.random.default_rng(1).integers(10) < 10, numpy.ma.masked_array([1]).sum())",
        f"print({LOADED.format('random')}, {LOADED.format('ma')}, numpy.f2py.__spec__.name)",
    )
    assert printed == ["7.0 True 1", "module module numpy.f2py"]


def test_what_was_imported_before_stays():
    printed = python(
        "import numpy.random", "random = numpy.random", "defer_parts_of_numpy()", "print(numpy.random is random)"
    )
    assert printed == ["True"]
