"""What the fuzzer takes for a finding, and that its mutations are what a seed says."""

import random
import signal

import pytest

from benchmark_support import benchmark
from ics_support import DATA

CALENDAR = (DATA / "overrides.ics").read_bytes()


@pytest.fixture
def fuzz():
    module = benchmark("fuzz_ics")
    module.SECONDS = 1000
    yield module
    signal.setitimer(signal.ITIMER_PROF, 0)


def test_a_calendar_that_is_read_alike_is_no_finding_nor_is_what_calsight_refuses(fuzz):
    assert fuzz.finding(CALENDAR, fuzz.window_of(1)) == ""
    assert fuzz.finding(b"no calendar", fuzz.window_of(1)) == ""


def test_an_exception_and_a_disagreement_are_findings(fuzz, monkeypatch):
    monkeypatch.setattr(fuzz, "read", lambda data, window, *, fast: [1 if fast else 2])
    assert "not the same" in fuzz.finding(CALENDAR, fuzz.window_of(1))
    monkeypatch.setattr(fuzz, "read", lambda data, window, *, fast: 1 / 0)
    assert fuzz.finding(CALENDAR, fuzz.window_of(1)).strip().endswith("division by zero")


def test_a_seed_gives_the_same_mutations_again(fuzz):
    first, second = (fuzz.mutated(CALENDAR, [CALENDAR], random.Random(3)) for _ in range(2))
    assert first == second != CALENDAR
    assert fuzz.window_of(5) == fuzz.window_of(5)
