"""Files, folders, archives and standard input; what cannot be read is said in one sentence."""

import gc
import gzip
import io
import sys
import zipfile
from types import SimpleNamespace

import pytest

from calsight.errors import CancelledError, PayloadInvalidError, SettingsError, SourceError, UsageError
from calsight.protocols import ConnectorContext
from calsight_ics import IcsConnector
from ics_support import DATA, SUMMER, read

ONE = (DATA / "overrides.ics").read_bytes()


def connector(**settings):
    return IcsConnector(ConnectorContext(settings=settings, zone="UTC"))


def fetch(reference, **settings):
    reader = connector(**settings)
    return [
        event
        for calendar in reader.calendars(str(reference))
        for page in reader.fetch(calendar, SUMMER)
        for event in page.events
    ]


def archive(path, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as out:
        for name, data in members.items():
            out.writestr(name, data)
    return path


def test_a_gzip_file_whatever_its_name(tmp_path):
    for name in ("work.ics.gz", "work.ics"):
        (tmp_path / name).write_bytes(gzip.compress(ONE))
        assert len(fetch(tmp_path / name)) == 4


def test_a_takeout_archive_has_a_calendar_for_each_file_in_it(tmp_path):
    path = archive(
        tmp_path / "takeout.zip", {"Takeout/Calendar/Work.ics": ONE, "Takeout/Calendar/Home.ics": ONE, "a.txt": b"x"}
    )
    assert [calendar.name for calendar in connector().calendars(str(path))] == [
        "takeout.zip: Home.ics",
        "takeout.zip: Work.ics",
    ]
    assert len(fetch(path)) == 8


def test_an_archive_inside_a_path_with_the_separator(tmp_path):
    folder = tmp_path / "odd!"
    folder.mkdir()
    path = archive(folder / "a.zip", {"b!/Work.ics": ONE})
    assert len(fetch(path)) == 4


def test_a_folder_is_read_with_its_sub_folders(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "work.ics").write_bytes(ONE + ONE.replace(b"UID:weekly", b"UID:other"))
    (tmp_path / "home.ICS").write_bytes(ONE)
    (tmp_path / ".hidden.ics").write_bytes(ONE)
    archive(tmp_path / "more.zip", {"x.ics": ONE})
    names = [calendar.name for calendar in connector().calendars(str(tmp_path))]
    assert names == ["home.ICS", "work.ics", "more.zip: x.ics"]


def test_a_folder_of_single_events_is_one_calendar(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.ics").write_bytes(ONE.replace(b"UID:weekly", b"UID:%d" % number))
    (tmp_path / "displayname").write_text("Work\n")
    (calendar,) = connector().calendars(str(tmp_path))
    assert calendar.name == "Work"
    assert {event.uid for event in fetch(tmp_path)} == {"0", "1", "2"}


def test_standard_input_is_read_once(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False, buffer=io.BytesIO(ONE)))
    reader = connector()
    (calendar,) = reader.calendars("-")
    for _ in range(2):
        assert sum(len(page.events) for page in reader.fetch(calendar, SUMMER)) == 4


def test_standard_input_may_be_packed(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False, buffer=io.BytesIO(gzip.compress(ONE))))
    assert len(fetch("-")) == 4


def test_a_zip_archive_on_standard_input_is_refused(monkeypatch, tmp_path):
    data = archive(tmp_path / "a.zip", {"a.ics": ONE}).read_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False, buffer=io.BytesIO(data)))
    with pytest.raises(PayloadInvalidError, match=r"Save it as a \.zip"):
        fetch("-")


def test_a_big_packed_calendar_is_mapped_from_disk(tmp_path, monkeypatch):
    monkeypatch.setattr("calsight_ics.places.text._SPOOL", 100)
    (tmp_path / "work.ics.gz").write_bytes(gzip.compress(b"\xef\xbb\xbf" + ONE))
    assert len(fetch(tmp_path / "work.ics.gz")) == 4


@pytest.mark.parametrize(
    "written",
    [
        ONE.decode().encode("utf-16"),
        ONE.decode().encode("utf-16-be"),
        ONE.replace(b"\r\n", b"\n").decode().encode("utf-16-le"),
        ONE.replace(b"\r\n", b"\r").decode().encode("utf-16"),
        ONE.replace(b"\r\n", b"\r"),
        b"\xef\xbb\xbf" + ONE,
    ],
    ids=["utf-16", "big endian", "little endian", "utf-16 with CR", "CR", "marked UTF-8"],
)
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_what_is_written_otherwise_is_rewritten_in_chunks_on_disk(written, chunk, tmp_path, monkeypatch):
    monkeypatch.setattr("calsight_ics.places.text._SPOOL", 100)
    monkeypatch.setattr("calsight_ics.places.text._CHUNK", chunk)
    assert fetch(write(tmp_path / "work.ics", written)) == fetch(write(tmp_path / "work.ics", ONE))


@pytest.mark.parametrize(
    ("error", "words", "make"),
    [
        (SourceError, "no such file", lambda folder: folder / "absent.ics"),
        (SourceError, "no calendars in this folder", lambda folder: folder),
        (
            PayloadInvalidError,
            "no calendars in this archive",
            lambda folder: archive(folder / "a.zip", {"a.txt": b"x"}),
        ),
        (
            PayloadInvalidError,
            "damaged or cut off",
            lambda folder: write(folder / "a.ics.gz", gzip.compress(ONE)[:200]),
        ),
    ],
)
def test_what_cannot_be_read_is_said(error, words, make, tmp_path):
    with pytest.raises(error, match=words) as raised:
        fetch(make(tmp_path))
    assert raised.value.exit_code == 3


def write(path, data):
    path.write_bytes(data)
    return path


def encrypted(path):
    """A member whose header says that it is encrypted; the standard library writes none."""
    data = bytearray(archive(path, {"a.ics": ONE}, zipfile.ZIP_STORED).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return write(path, bytes(data))


def test_an_encrypted_archive(tmp_path):
    path = encrypted(tmp_path / "a.zip")
    with pytest.raises(PayloadInvalidError, match="it is encrypted"):
        fetch(path)
    with pytest.raises(PayloadInvalidError, match="the password is wrong"):
        fetch(path, password="guess")


def test_more_than_the_limit_is_refused_before_it_is_unpacked(tmp_path):
    (tmp_path / "bomb.ics.gz").write_bytes(gzip.compress(ONE + b" " * 3_000_000))
    with pytest.raises(SourceError, match="larger than the 1 MB that `max_unpacked_mb`"):
        fetch(tmp_path / "bomb.ics.gz", max_mb=1)


@pytest.mark.parametrize(
    "settings",
    [{"max_mb": 0}, {"timeout": "long"}, {"password": 7}, {"colour": "red"}, {"max_mb": True}, {"fast": "no"}],
)
def test_settings_are_checked(settings):
    with pytest.raises(SettingsError, match=r"\[connectors.ics\]"):
        connector(**settings)


def test_the_fast_road_can_be_left_shut(monkeypatch):
    expected = sorted(fetch(DATA / "overrides.ics"), key=repr)
    monkeypatch.setattr("calsight_ics.reader.FastRoad", None)
    assert sorted(fetch(DATA / "overrides.ics", fast=False), key=repr) == expected


@pytest.mark.parametrize("enabled", [True, False])
def test_reading_leaves_the_collector_of_garbage_as_it_was(monkeypatch, enabled):
    (gc.enable if enabled else gc.disable)()
    try:
        assert fetch(DATA / "overrides.ics")
        assert gc.isenabled() is enabled
        monkeypatch.setattr("calsight_ics.fast.road.FastRoad.read", None)  # which cannot be called
        with pytest.raises(TypeError):
            fetch(DATA / "overrides.ics")
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("mark", ["VEVENT", "vevent", " VEVENT"])
def test_too_many_entries_are_refused_however_their_marks_are_written(tmp_path, fast, mark):
    entry = f"BEGIN:{mark}\nUID:a\nDTSTART:20260608T100000Z\nEND:{mark}\n"
    (tmp_path / "many.ics").write_text(f"BEGIN:VCALENDAR\n{entry * 4}END:VCALENDAR\n")
    with pytest.raises(SourceError, match="more than 3 entries"):
        fetch(tmp_path / "many.ics", max_entries=3, fast=fast)
    assert fetch(tmp_path / "many.ics", max_entries=4, fast=fast)


def test_no_reference_is_a_wrong_argument():
    with pytest.raises(UsageError, match="Which calendar"):
        connector().calendars("")


def test_cancelling_ends_the_reading():
    reader = connector()
    (calendar,) = reader.calendars(str(DATA / "overrides.ics"))
    with pytest.raises(CancelledError):
        list(reader.fetch(calendar, SUMMER, cancel=SimpleNamespace(is_set=lambda: True)))


def test_progress_ends_with_all_entries():
    seen = []
    reader = connector()
    (calendar,) = reader.calendars(str(DATA / "overrides.ics"))
    list(reader.fetch(calendar, SUMMER, progress=seen.append))
    assert (seen[-1].done, seen[-1].total, seen[-1].unit) == (4, 4, "entries")


def test_a_path_given_as_such():
    assert len(read(DATA / "overrides.ics").events) == 4
