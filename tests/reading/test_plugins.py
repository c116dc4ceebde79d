"""The registry, over real distributions that each test writes to disk."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calsight.errors import ConnectorUnknownError, MissingExtraError, PluginError, RendererUnknownError, UsageError
from calsight.reading import plugins

CONNECTOR = """
class C:
    def __init__(self, context): self.context = context
    def calendars(self, reference): return []
    def fetch(self, calendar, window, *, state=None, progress=None, cancel=None): return iter(())
"""

Install = Callable[..., None]


def entry(name: str) -> plugins.PluginEntry:
    return next(found for found in plugins.connectors() if found.name == name)


def test_our_own_connector_is_listed_like_any_other_and_nothing_is_imported() -> None:
    assert entry("ics") == plugins.PluginEntry("ics", "calsight_ics:IcsConnector", "calsight", "0.1.0")


def test_listing_imports_no_plugin(install: Install) -> None:
    install("boom", "plug_boom", "raise RuntimeError('imported')", connectors="boom = plug_boom:C")
    assert entry("boom").distribution == "boom"
    assert "plug_boom" not in sys.modules


def test_a_connector_is_loaded_by_name(install: Install) -> None:
    install("acme-calsight", "plug_acme", CONNECTOR, version="2.1", connectors="acme = plug_acme:C")
    assert plugins.load_connector("acme").__module__ == "plug_acme"
    assert entry("acme").version == "2.1"


def test_an_unknown_name_lists_the_installed_ones_and_the_nearest(install: Install) -> None:
    install("acme", "plug_acme", CONNECTOR, connectors="logbook = plug_acme:C")
    with pytest.raises(ConnectorUnknownError) as caught:
        plugins.load_connector("logbok")
    assert "No connector 'logbok' is installed. Did you mean 'logbook'? Installed: " in str(caught.value)
    assert "ics, logbook" in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_missing_package_names_the_command_that_installs_it(install: Install) -> None:
    install(
        "acme",
        "plug_acme",
        "import acme_client_that_is_not_here",
        extras="acme-api",
        connectors="acme_api = plug_acme:C",
    )
    with pytest.raises(MissingExtraError) as caught:
        plugins.load_connector("acme_api")
    assert str(caught.value) == "Connector 'acme_api' needs: pip install 'acme[acme_api]'"


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("import acme_client_that_is_not_here", "ModuleNotFoundError: No module named 'acme_client_that_is_not_here'"),
        ("import calsight.no_such_module", "ModuleNotFoundError: No module named 'calsight.no_such_module'"),
        ("import plug_bad.inner", "ModuleNotFoundError: No module named 'plug_bad.inner'"),
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("import sys; sys.exit('bye')", "SystemExit: bye"),
        ("def broken(:", "SyntaxError: "),
        ("x = 1", "AttributeError: "),
    ],
)
def test_a_plugin_that_fails_is_named_with_its_distribution_and_cause(install: Install, code: str, cause: str) -> None:
    install("good", "plug_good", CONNECTOR, connectors="good = plug_good:C")
    install("bad-one", "plug_bad", code, connectors="bad = plug_bad:C")
    with pytest.raises(PluginError) as caught:
        plugins.load_connector("bad")
    assert str(caught.value).startswith("Connector 'bad' of bad-one 1.0 cannot be loaded: ")
    assert cause in str(caught.value)
    assert plugins.load_connector("good")


def test_an_extra_does_not_hide_a_fault_of_the_plugin_itself(install: Install) -> None:
    install("acme", "plug_acme", "import plug_acme.gone", extras="acme", connectors="acme = plug_acme:C")
    with pytest.raises(PluginError, match=r"plug_acme\.gone"):
        plugins.load_connector("acme")


def test_two_claimants_to_one_name_are_both_refused_and_named(install: Install) -> None:
    install("first", "plug_first", CONNECTOR, connectors="logbook = plug_first:C")
    install("second", "plug_second", CONNECTOR, connectors="logbook = plug_second:C")
    claims = {found.distribution: found.rivals for found in plugins.connectors() if found.name == "logbook"}
    assert claims == {"first": ("second",), "second": ("first",)}
    with pytest.raises(PluginError, match="'logbook' is claimed by first and second: uninstall all but one"):
        plugins.load_connector("logbook")


def test_a_stranger_cannot_take_the_name_of_our_own_connector(install: Install) -> None:
    install("cuckoo", "plug_cuckoo", CONNECTOR, connectors="ics = plug_cuckoo:C")
    with pytest.raises(PluginError, match="claimed by calsight and cuckoo"):
        plugins.load_connector("ics")


def test_one_distribution_that_announces_a_name_twice(install: Install) -> None:
    install("twice", "plug_twice", CONNECTOR + "D = C", connectors="same = plug_twice:C\nsame = plug_twice:D")
    with pytest.raises(PluginError, match="announced twice by twice"):
        plugins.load_connector("same")


@pytest.mark.parametrize(
    ("code", "lack"),
    [("C = 3", "no calendars and no fetch"), ("class C:\n def calendars(self, r): ...", "has no fetch")],
)
def test_what_is_no_connector_is_said_to_be_none(install: Install, code: str, lack: str) -> None:
    install("odd", "plug_odd", code, connectors="odd = plug_odd:C")
    with pytest.raises(PluginError, match=lack):
        plugins.load_connector("odd")


def test_rules_are_loaded_in_the_order_of_their_names_and_failures_are_problems(install: Install) -> None:
    install("one", "plug_one", "def rule(event, presence): return None", rules="zulu = plug_one:rule")
    install("two", "plug_two", "class R:\n def __call__(self, e, p): return None", rules="alpha = plug_two:R")
    install("bad", "plug_bad", "raise RuntimeError('no')", rules="mike = plug_bad:rule")
    install("odd", "plug_odd", "rule = 3", rules="oscar = plug_odd:rule")
    install("pat", "plug_pat", "class R:\n def __init__(self, x): ...", rules="papa = plug_pat:R")
    loaded = [found for found in plugins.rules() if found.entry.value.startswith("plug_")]
    assert [found.entry.name for found in loaded] == ["alpha", "mike", "oscar", "papa", "zulu"]
    assert [found.rule is not None for found in loaded] == [True, False, False, False, True]
    problems = [found.problem for found in loaded if found.problem]
    assert [problem.code for problem in problems] == ["plugin_failed"] * 3
    assert problems[0].text == "Rule 'mike' of bad 1.0 cannot be loaded: RuntimeError: no"
    assert problems[1].text == "Rule 'oscar' of odd 1.0 cannot be called."


def test_a_contested_rule_is_a_problem_of_both(install: Install) -> None:
    install("one", "plug_one", "def rule(e, p): return None", rules="same = plug_one:rule")
    install("two", "plug_two", "def rule(e, p): return None", rules="same = plug_two:rule")
    contested = [found for found in plugins.rules() if found.entry.name == "same"]
    assert [found.rule for found in contested] == [None, None]
    assert all(found.problem and "one and two" in found.problem.text for found in contested)


def test_a_renderer_is_loaded_by_name(install: Install) -> None:
    install("acme", "plug_acme", "def render(report): yield 'x'", renderers="acme = plug_acme:render")
    assert list(plugins.load_renderer("acme")(None)) == ["x"]  # type: ignore[arg-type]


def test_two_claimants_to_one_renderer_are_both_refused(install: Install) -> None:
    install("cuckoo", "plug_cuckoo", "def render(report): yield 'x'", renderers="markdown = plug_cuckoo:render")
    with pytest.raises(PluginError, match="'markdown' is claimed by calsight and cuckoo"):
        plugins.load_renderer("markdown")


def test_a_renderer_that_is_not_there_is_one_and_the_nearest_is_named() -> None:
    with pytest.raises(
        RendererUnknownError, match=r"No renderer 'markdwon' is installed. Did you mean 'markdown'?"
    ) as caught:
        plugins.load_renderer("markdwon")
    assert isinstance(caught.value, UsageError)
    assert not isinstance(caught.value, ConnectorUnknownError)


def test_a_half_removed_distribution_takes_nothing_down(install: Install, tmp_path: Path) -> None:
    install("ghost", "plug_ghost", CONNECTOR, connectors="ghost = plug_ghost:C")
    (tmp_path / "ghost-1.0.dist-info" / "METADATA").unlink()
    assert "ghost" in [found.name for found in plugins.connectors()]
    assert "ics" in [found.name for found in plugins.connectors()]
