"""Time zones by name."""

import pytest

from calsight.core.time.zones import is_zone, zone_or_utc


@pytest.mark.parametrize("name", ["", "No/Such", "../etc/passwd", "Europe", "a\0b", "Europe/Berlin\n"])
def test_what_is_no_zone(name: str):
    assert not is_zone(name)
    assert zone_or_utc(name).key == "UTC"


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Etc/GMT+5"])
def test_what_is_one(name: str):
    assert is_zone(name)
    assert zone_or_utc(name).key == name
