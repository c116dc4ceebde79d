"""Settings: what a file may say, and what is said of one that is wrong."""

import dataclasses
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model import options
from calsight.core.model.options import RateOptions, WorkOptions
from calsight.errors import SettingsError
from calsight.settings.checks import BETWEEN, POSITIVE, SHARES
from calsight.settings.file import (
    Settings,
    default_path,
    documented,
    load_settings,
    settings_from,
    settings_with_origin,
)


def complaint(**data: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        settings_from(data)
    assert caught.value.exit_code == 2
    return str(caught.value)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder in which there is nothing."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


# What a file says


def test_every_section_can_be_set(file: Path) -> None:
    file.write_text(
        """
        [owner]
        addresses = ["ana@example.com"]
        profile = "self_employed"
        wants_more = true
        [people]
        aliases = { "bo@example.com" = ["bo@example.org"] }
        roles = { "bo@example.com" = "mentor" }
        organisation_domains = ["example.com"]
        [titles]
        leave = ["gone fishing"]
        [work]
        zone = "Europe/Berlin"
        country = "DE"
        subdivision = "BY"
        days_off = [2026-12-24]
        hours = { monday = ["09:00-12:30", "13:30-17:00"], saturday = ["22:00-24:00"] }
        [[work.periods]]
        start = 2026-01-01
        end = 2026-03-31
        hours = { tuesday = ["09:00-13:00"] }
        [rate]
        low = 1
        healthy = 2.5
        [relationships]
        active = 0.8
        [situation]
        borderline = 0
        [connectors.google]
        client_id = "abc"
        since = 2026-01-01
        """,
        "utf-8",
    )
    settings = load_settings(file)
    assert settings.owner.addresses == ("ana@example.com",)
    assert settings.owner.wants_more is True
    assert settings.people.aliases == {"bo@example.com": ("bo@example.org",)}
    assert settings.titles.leave == ("gone fishing",)
    assert settings.work.hours == {"monday": ("09:00-12:30", "13:30-17:00"), "saturday": ("22:00-24:00",)}
    assert settings.work.periods[0].end == date(2026, 3, 31)
    assert settings.work.days_off == (date(2026, 12, 24),)
    assert (settings.rate.low, settings.rate.healthy) == (1.0, 2.5)
    assert settings.connectors == {"google": {"client_id": "abc", "since": date(2026, 1, 1)}}


def test_without_a_file_the_defaults_hold(nowhere: Path) -> None:
    assert load_settings(environ={}) == Settings()
    assert Settings().work.hours["friday"] == ("09:00-17:00",)


def test_the_default_file_is_found(nowhere: Path) -> None:
    assert default_path({}) == nowhere / "calsight" / "settings.toml"
    default_path({}).parent.mkdir(parents=True)
    default_path({}).write_text("[rate]\nlow = 0.25\n", "utf-8")
    assert load_settings(environ={}).rate.low == 0.25


def test_the_environment_names_another_file(file: Path) -> None:
    file.write_text("[rate]\nlow = 0.125\n", "utf-8")
    assert load_settings(environ={"CALSIGHT_SETTINGS": str(file)}).rate.low == 0.125


def test_an_argument_wins_over_the_file_key_by_key(file: Path) -> None:
    file.write_text('[work]\nzone = "Europe/Berlin"\ncountry = "DE"\n[connectors.ics]\na = 1\nb = 2\n', "utf-8")
    settings = load_settings(file, overrides={"work": {"zone": "Asia/Tokyo"}, "connectors": {"ics": {"b": 3}}})
    assert (settings.work.zone, settings.work.country) == ("Asia/Tokyo", "DE")
    assert settings.connectors == {"ics": {"a": 1, "b": 3}}


def test_a_byte_order_mark_is_no_obstacle(file: Path) -> None:
    file.write_bytes("\ufeff[rate]\nlow = 0.25\n".encode())
    assert load_settings(file).rate.low == 0.25


def test_settings_are_frozen() -> None:
    with pytest.raises(Exception, match="frozen"):
        Settings().rate = RateOptions()


def test_an_embedder_makes_them_in_python() -> None:
    settings = Settings(work=WorkOptions(zone="Europe/Berlin"))
    assert settings.work.zone == "Europe/Berlin"
    assert settings_from({"work": WorkOptions(zone="Europe/Berlin")}) == settings
    with pytest.raises(SettingsError, match=r"work\.zone: 'Mars' is not an IANA time zone"):
        Settings(work=WorkOptions(zone="Mars"))
    with pytest.raises(SettingsError, match=r"rate\.low: must be a number"):
        Settings(rate=RateOptions(low="little"))  # type: ignore[arg-type]


# What is wrong


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"rate": {"lwo": 1}}, "rate.lwo: there is no such setting. Did you mean rate.low?"),
        ({"wrok": {}}, "wrok: there is no such setting. Did you mean work?"),
        ({"zone": "Europe/Berlin"}, "zone: there is no such setting. Did you mean work.zone?"),
        ({"owner": {"country": "DE"}}, "owner.country: there is no such setting. Did you mean work.country?"),
        ({"xyzzy": 1}, "xyzzy: there is no such setting. `calsight settings` lists all there are."),
        ({"work": {"periods": [{"strat": 1}]}}, "work.periods.strat: there is no such setting. Did you mean work.periods"),
        ({"connectors": {"isc": {}}}, "connectors.isc: no connector of that name is installed. Did you mean connectors.ics?"),
        ({"rate": {"low": "0.5"}}, 'rate.low: must be a number, not "0.5".'),
        ({"rate": {"low": True}}, "rate.low: must be a number, not true."),
        ({"rate": {"recent_weeks": 1.5}}, "rate.recent_weeks: must be a whole number, not 1.5."),
        ({"rate": 3}, "rate: must be a table of names and values, not 3."),
        ({"people": {"strict": "yes"}}, 'people.strict: must be true or false, not "yes".'),
        ({"owner": {"addresses": "a@b.c"}}, 'owner.addresses: must be a list, such as ["one", "two"], not "a@b.c".'),
        ({"owner": {"name": 3}}, 'owner.name: must be text in quotes, such as "example", not 3.'),
        ({"owner": {"name": {}}}, 'owner.name: must be text in quotes, such as "example", not a table.'),
        ({"owner": {"profile": "boss"}}, "owner.profile: must be 'employed', 'self_employed' or 'job_seeking', not \"boss\"."),
        ({"owner": {"addresses": ["ana"]}}, "owner.addresses: 'ana' is not an e-mail address such as ana@example.com."),
        ({"people": {"organisation_domains": ["@a.com"]}}, "people.organisation_domains: '@a.com' is not a domain: write"),
        ({"people": {"organisation_domains": ["https://a.com/x"]}}, "write 'a.com'."),
        ({"people": {"bot_patterns": ["*"]}}, "people.bot_patterns: an empty pattern would match everybody."),
        (
            {"people": {"aliases": {"a@x.y": ["C@x.y"], "b@x.y": ["c@x.y"]}}},
            "people.aliases: 'c@x.y' is listed for both 'a@x.y' and 'b@x.y'.",
        ),
        (
            {"people": {"assistants": ["a@x.y"], "colleagues": ["A@x.y"]}},
            "people.assistants: 'a@x.y' is among people.colleagues too.",
        ),
        ({"titles": {"leave": ["("]}}, "titles.leave: '(' is not a regular expression: missing ), unterminated subpattern"),
        ({"titles": {"one_to_one": ["sync|"]}}, "titles.one_to_one: 'sync|' would match every title."),
        ({"work": {"days_off": ["2026-02-30"]}}, 'work.days_off: must be a date, such as 2026-12-24, not "2026-02-30".'),
        ({"work": {"zone": "Berlin"}}, "work.zone: 'Berlin' is not an IANA time zone such as 'Europe/Berlin'. Did you mean '"),
        ({"work": {"zone": "Europe/Berln"}}, "Did you mean 'Europe/Berlin'?"),
        ({"work": {"zone": "europe/berlin"}}, "Did you mean 'Europe/Berlin'?"),
        ({"work": {"zone": "new york"}}, "Did you mean 'America/New_York'?"),
        ({"work": {"zone": "Qqqqqq"}}, "work.zone: 'Qqqqqq' is not an IANA time zone such as 'Europe/Berlin'."),
        ({"work": {"country": "de"}}, "work.country: 'de' must be written 'DE'."),
        ({"work": {"country": "Germany"}}, "work.country: 'Germany' is not a country whose public holidays are known"),
        ({"work": {"subdivision": "BY"}}, "work.subdivision: 'BY' needs work.country beside it."),
        ({"work": {"country": "DE", "subdivision": "XX"}}, "work.subdivision: 'XX' is not a part of DE: write one of BB, BE"),
        ({"work": {"country": "FI", "subdivision": "XX"}}, "work.subdivision: 'XX' is not a part of FI"),
        ({"work": {"hours": {"mnday": []}}}, "work.hours.mnday: must be 'monday', 'tuesday'"),
        ({"work": {"hours": {"monday": ["9-17"]}}}, "'9-17' is not a span such as '09:00-17:00'. Did you mean '09:00-17:00'?"),
        ({"work": {"hours": {"monday": ["9-5"]}}}, "Did you mean '09:00-17:00'?"),
        ({"work": {"hours": {"monday": ["9.30 – 17h15"]}}}, "Did you mean '09:30-17:15'?"),
        ({"work": {"hours": {"monday": ["all day"]}}}, "work.hours.monday: 'all day' is not a span such as '09:00-17:00'."),
        ({"work": {"hours": {"monday": ["09:00-09:75"]}}}, "'09:00-09:75' holds a time that no clock shows."),
        ({"work": {"hours": {"monday": ["23:00-24:30"]}}}, "'23:00-24:30' holds a time that no clock shows."),
        ({"work": {"hours": {"monday": ["22:00-06:00"]}}}, "ends before it begins: write a night as '22:00-24:00' and"),
        ({"work": {"hours": {"monday": ["13:00-17:00", "09:00-13:30"]}}}, "'09:00-13:30' and '13:00-17:00' overlap."),
        ({"work": {"hours": {}}}, "work.hours: no working hours are left; without them nothing can be judged."),
        ({"work": {"periods": {}}}, "work.periods: write each period as a table of its own, headed [[work.periods]]."),
        (
            {"work": {"periods": [{"start": "2026-02-01", "end": "2026-01-01"}]}},
            "work.periods: a period ends (2026-01-01) before it starts (2026-02-01).",
        ),
        ({"work": {"periods": [{"hours": {"friday": ["x"]}}]}}, "work.periods.hours.friday: 'x' is not a span"),
        ({"rate": {"low": 2}}, "rate.low: 2 must not exceed rate.healthy, which is 1."),
        ({"rate": {"interval": 80}}, "rate.interval: 80 must be more than 0 and less than 1."),
        ({"rate": {"interval": 1}}, "rate.interval: 1 must be more than 0 and less than 1."),  # its bounds would be infinite
        ({"rate": {"change_weeks": 1}}, "rate.change_weeks: 1 must be more than 1."),  # no run could ever go on
        ({"index": {"rate": 0}}, "index.rate: 0 must be more than 0."),
        ({"rate": {"prior_weeks": 0}}, "rate.prior_weeks: 0 must be more than 0."),
        ({"rate": {"low": float("nan")}}, "rate.low: nan must be more than 0."),
    ],
)  # fmt: skip
def test_one_plain_sentence(data: dict[str, Any], sentence: str) -> None:
    said = complaint(**data)
    assert sentence in said
    assert "\n" not in said


def test_all_faults_are_said_at_once_each_on_its_line() -> None:
    said = complaint(rate={"low": "x", "hihg": 3}, owner={"name": 3})
    assert len(said.splitlines()) == 3


def test_the_file_is_named(file: Path) -> None:
    file.write_text("[rate]\nlwo = 1\n", "utf-8")
    with pytest.raises(SettingsError, match="no such setting") as caught:
        load_settings(file)
    assert str(caught.value) == f"{file}: rate.lwo: there is no such setting. Did you mean rate.low?"


def test_an_argument_is_not_blamed_on_the_file(file: Path) -> None:
    file.write_text("", "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(file, overrides={"work": {"zone": "Mars"}})
    assert str(file) not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[rate\n", "is not TOML: "),
        (b"[rate]\nlow = 1\nlow = 2\n", "is not TOML: "),
        ('[owner]\nname = "Zoë"\n'.encode("latin-1"), "is not UTF-8 text. Save it as UTF-8."),
    ],
)
def test_a_file_that_is_no_settings_file(file: Path, content: bytes, sentence: str) -> None:
    file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    assert str(file) in str(caught.value)
    assert sentence in str(caught.value)


def test_a_named_file_must_exist(file: Path) -> None:
    with pytest.raises(SettingsError, match="There is no settings file"):
        load_settings(file)
    with pytest.raises(SettingsError, match="There is no settings file"):
        load_settings(environ={"CALSIGHT_SETTINGS": str(file)})


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


def test_a_connector_that_is_not_installed_here_may_have_a_section() -> None:
    assert settings_from({"connectors": {"punchcards": {"deck": 7}}}).connectors == {"punchcards": {"deck": 7}}


def test_a_wrong_value_under_connectors_is_not_repeated() -> None:
    assert "hunter2" not in complaint(connectors={"ics": "hunter2"})


def test_what_no_toml_file_could_say_is_refused() -> None:
    assert complaint(owner={"name": object()}) == "A object cannot be a setting."


@given(st.text(max_size=12))
def test_any_text_for_a_span_is_explained(span: str) -> None:
    assert complaint(work={"hours": {"monday": [span]}}).startswith("work.hours.monday: ")


@given(st.integers(0, 23 * 60), st.integers(1, 60))
def test_any_span_within_a_day_is_accepted(start: int, length: int) -> None:
    first, last = (f"{minute // 60:02}:{minute % 60:02}" for minute in (start, start + length))
    assert settings_from({"work": {"hours": {"monday": [f"{first}-{last}"]}}}).work.hours["monday"] == (
        f"{first}-{last}",
    )


# What they are now, and where from


def test_every_setting_is_documented_and_listed_once() -> None:
    keys = [key for key, _ in documented()]
    assert len(set(keys)) == len(keys)
    assert all(doc.endswith((".", "?")) for _, doc in documented())
    no_sections = (options.Options, options.WorkingPeriod)
    sections = [cls for cls in vars(options).values() if dataclasses.is_dataclass(cls) and cls not in no_sections]
    assert len(keys) == sum(len(dataclasses.fields(cls)) for cls in sections)


def test_the_options_of_a_judgement_are_the_sections_of_their_names() -> None:
    settings = Settings(rate=options.RateOptions(low=0.25))
    told = settings.options
    assert all(getattr(told, each.name) is getattr(settings, each.name) for each in dataclasses.fields(told))
    assert told.rate.low == 0.25


def test_every_number_has_bounds() -> None:
    for section in Settings.model_fields:
        cls = type(getattr(Settings(), section))
        if dataclasses.is_dataclass(cls):
            for name, hint in get_type_hints(cls).items():
                if hint in (int, float) or (set(get_args(hint)) & {int, float}):
                    assert f"{section}.{name}" in (*SHARES, *POSITIVE, *BETWEEN)


def test_each_value_is_shown_with_its_origin(file: Path) -> None:
    file.write_text('[rate]\nlow = 0.25\n[connectors.google]\nclient_secret = "hunter2"\nclient_id = "abc"\n', "utf-8")
    rows = {row.key: row for row in settings_with_origin(file, overrides={"work": {"zone": "Asia/Tokyo"}})}
    assert (rows["rate.low"].value, rows["rate.low"].origin) == (0.25, str(file))
    assert (rows["work.zone"].value, rows["work.zone"].origin) == ("Asia/Tokyo", "arguments")
    assert (rows["rate.healthy"].value, rows["rate.healthy"].origin) == (1.0, "default")
    assert rows["work.zone"].doc.startswith("Your time zone")
    assert rows["connectors.google.client_id"].value == "abc"
    assert rows["connectors.google.client_secret"].value == "(set, not shown)"
    assert set(rows) >= {key for key, _ in documented()}


def test_as_a_dict_they_are_json_without_secrets() -> None:
    settings = settings_from(
        {
            "connectors": {
                "google": {"refresh_token": "hunter2", "scopes": ["a"], "port": 1, "urls": ["https://x/secret"]}
            }
        }
    )
    shown = settings.to_dict()
    text = json.dumps(shown)
    assert "hunter2" not in text
    assert "secret" not in text
    assert shown["connectors"]["google"]["scopes"] == ["a"]
    assert shown["connectors"]["google"]["port"] == 1
    assert shown["work"]["hours"]["monday"] == ["09:00-17:00"]


def test_what_to_dict_says_can_be_read_again() -> None:
    settings = settings_from({"work": {"periods": [{"start": "2026-01-01"}], "days_off": ["2026-12-24"]}})
    assert settings_from(settings.to_dict()) == settings


@given(st.sampled_from(sorted(key for key, _ in documented())))
def test_every_default_can_be_written_and_read_back(key: str) -> None:
    section, _, name = key.partition(".")
    default = Settings().to_dict()[section][name]
    settings = settings_from({section: {name: default}} if default is not None else {})
    assert settings == Settings()


# What nobody writes


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 20_000,
        "a = " + "{b=" * 900 + "1" + "}" * 900,
        "a" + ".a" * 50_000 + " = 1",
        "a = {" + 'b . "c" . ' * 100 + "d = 1}",
        f"[{'.'.join('a' * 1500)}]",
        "[rate]\nlow = 1" + "0" * 5000,
    ],
    ids=["lists", "tables", "a name", "a name in a table", "the name of a table", "a number"],
)
def test_what_nobody_writes_is_no_settings_file(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError, match="is not TOML that anybody wrote"):
        load_settings(file)


def test_a_text_with_many_dots_is_fine(file: Path) -> None:
    file.write_text("[titles]\nleave = ['a.b.c.d', '" + "." * 200 + "', '" + "x" * 100_000 + "']\n", "utf-8")
    assert len(load_settings(file).titles.leave) == 3


@pytest.mark.parametrize("name", [os.devnull, "/dev/zero", "pipe", "self"])
def test_a_settings_file_that_is_none_is_not_waited_for(tmp_path: Path, name: str) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such files")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "self").symlink_to("self")
    if name == os.devnull:
        assert load_settings(Path(name)) == Settings()
        return
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / name)
