"""Which tests are slow, and left to `make full`."""

from fnmatch import fnmatchcase

#: What takes long, since it asks real servers, browsers, engines, many processes, or all there is. `make check` leaves it to
#: `make full`, and CI runs both. Files, folders, or a test (its parameters included) after "::"; a test holds that each exists.
SLOW = (
    "benchmarks/",
    "browser/",
    "cli/test_main.py",
    "connectors/caldav/*[[]cyrus*",
    "connectors/caldav/*[[]davical*",
    "connectors/caldav/*[[]sabre*",
    "connectors/caldav/*[[]sogo*",
    "connectors/caldav/*[[]xandikos*",
    "connectors/caldav/test_busy.py",
    "connectors/google/test_command_line.py",
    "connectors/google/test_emulator.py",
    "connectors/ics/test_corpus.py",
    "connectors/ics/test_fast.py::test_both_paths_agree_*",
    "connectors/ics/test_rules.py::test_an_old_rule_*",
    "connectors/outlook/test_auth.py::test_eight_*",
    "connectors/outlook/test_emulator.py",
    "connectors/test_connect.py",
    "connectors/test_failures.py",
    "connectors/test_pages.py",
    "connectors/test_sync.py::test_killed_*",
    "connectors/test_sync.py::test_two_runs_*",
    "core/rate/test_count.py::test_the_parts_add_up_*",
    "hostile/test_growth.py",
    "hostile/test_outputs.py::test_the_demo_writes_*",
    "hostile/test_outputs.py::test_what_is_said_of_an_organisation_*",
    "org/*[[]spark*",
    "org/test_commands.py",
    "org/test_engines.py",
    "org/test_golden.py",
    "org/test_ingest.py",
    "org/test_privacy.py",
    "pipeline/test_answers.py::test_an_answer_leads_to_*",
    "pipeline/test_laws.py",
    "reading/test_store_interrupted.py::TestAnyHistory",
    "reading/test_store_interrupted.py::test_a_process_killed_*",
    "render/test_languages.py::test_numbers_are_rounded_*",
    "serve/test_embedding.py::test_the_containers_*",
    "serve/test_local.py",
    "serve/test_mcp.py",
    "serve/test_mcp_keeps.py",
    "serve/test_mcp_travels.py",
    "serve/test_schemathesis.py",
    "serve/test_security.py",
    "test_consoles.py",
    "test_examples.py",
    "test_packaging.py::test_an_installation_",
    "test_packaging.py::test_an_installed_wheel_",
    "test_packaging.py::test_the_source_distribution_",
    "test_packaging.py::test_the_wheel_",
    "truth/",
    "world/test_equivalence.py*[[]caldav*",
)


def slow(test: str) -> bool:
    """Whether a test, by its path in this folder and its name, is one of `SLOW`."""
    return any(fnmatchcase(test, f"{each}*") for each in SLOW)
