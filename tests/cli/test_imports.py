"""SciPy comes without the submodules of NumPy that it only names; whoever asks for one still gets it."""

import subprocess
import sys

from calsight.cli.imports import _StandIn, quick_scipy


def python(*lines: str) -> str:
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return done.stdout.strip()


def test_scipy_is_whole_and_numpy_as_it_was_afterwards():
    printed = python(
        "import sys",
        "from calsight.cli.imports import quick_scipy",
        "with quick_scipy():",
        "    from scipy.special import gammainc",
        "print(round(float(gammainc(1.0, 1.0)), 6), 'numpy.f2py' in sys.modules, 'numpy.testing' in sys.modules)",
        "import numpy",
        "print(numpy.f2py.__spec__.name, numpy.random.default_rng(1).integers(10) < 10, numpy.ma.masked_array([1]).sum())",
    )
    assert printed.splitlines() == ["0.632121 False False", "numpy.f2py True 1"]


def test_inside_the_block_a_submodule_that_is_asked_for_comes():
    printed = python(
        "from calsight.cli.imports import quick_scipy",
        "with quick_scipy():",
        "    import scipy.special, numpy",
        "    print(type(numpy.polynomial).__name__, numpy.polynomial.Polynomial([1, 2])(3))",
        "    import numpy.random",
        "    print(numpy.random.default_rng(1).integers(10) < 10)",
        "print(type(numpy.polynomial).__name__, type(numpy.random).__name__)",
    )
    assert printed.splitlines() == ["_StandIn 7.0", "True", "module module"]


def test_a_stand_in_is_what_it_stands_for():
    assert _StandIn("json").loads("[1]") == [1]


def test_nothing_is_left_behind_where_scipy_is_not_imported():
    before = list(sys.meta_path)
    with quick_scipy():
        assert len(sys.meta_path) == len(before) + 1
    assert sys.meta_path == before
