"""The web API: a calendar in, the documents of the command line out."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

import calsight
from calsight import pipeline
from calsight.cli import main
from calsight.core.model.report import Report
from calsight.errors import UsageError
from calsight.reading.event_lines import event_line
from calsight.render.documents import meetings_out
from calsight.serve import Limits, Reach, create_app
from calsight.testing import event
from serve.conftest import AS_OF, TOKEN

ASKED = f"?as_of={AS_OF}&weeks=26"


@pytest.fixture(scope="module")
def api(running):
    return running(create_app(token=TOKEN, limits=Limits(workers=2)))


@pytest.fixture(scope="module")
def path(ics, tmp_path_factory):
    file = tmp_path_factory.mktemp("calendar") / "calendar.ics"
    file.write_bytes(ics)
    return file


def form(**parts: tuple[str, bytes] | str) -> tuple[bytes, str]:
    """A multipart form: files as (name, bytes), fields as text."""
    lines = []
    for name, part in parts.items():
        file, content = part if isinstance(part, tuple) else (None, part.encode())
        shown = f'name="{name}"' + (f'; filename="{file}"' if file is not None else "")
        lines.append(b"--b\r\nContent-Disposition: form-data; " + shown.encode() + b"\r\n\r\n" + content + b"\r\n")
    return b"".join([*lines, b"--b--\r\n"]), "multipart/form-data; boundary=b"


def test_a_report_is_that_of_the_command_line(api, ics, path, capfd):
    answer = api.post(f"report{ASKED}", ics)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert main(["report", str(path), "--as-of", AS_OF, "--json", "--no-cache"]) == 0
    assert answer.json == json.loads(capfd.readouterr().out)


def test_every_document_is_there(api, ics, path):
    judged = pipeline.judge(pipeline.read(path, as_of=AS_OF, settings={}, cache=False))
    assert api.post(f"meetings{ASKED}", ics).json == json.loads(meetings_out(judged).model_dump_json())
    people = api.post(f"people{ASKED}", ics).json
    assert people["total"] == len(people["people"]) == len(judged.account.relationships)
    assert api.post(f"suggestions{ASKED}", ics).json["suggestions"]
    assert api.post(f"week{ASKED}", ics).json["level"] == judged.account.level
    assert api.post(f"doctor{ASKED}", ics).json["judgeable"] is True


def test_meetings_of_a_kind_in_pages(api, ics):
    page = api.post(f"meetings{ASKED}&kind=one_to_one&kind=group&first=2&most=3", ics).json
    assert len(page["meetings"]) == 3
    assert {one["kind"] for one in page["meetings"]} <= {"one_to_one", "group"}
    assert page["total"] > 3


def test_an_archive_and_lines_of_events_are_read_too(api, ics, path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("work.ics", ics)
    counts = api.post(f"report{ASKED}", ics).json["counts"]
    assert api.post(f"report{ASKED}", packed.getvalue(), "application/zip").json["counts"] == counts
    lines = "\n".join(
        json.dumps(event_line(one)) for one in calsight.events(path, as_of=AS_OF, settings={}, cache=False)
    )
    assert api.post(f"report{ASKED}", lines.encode(), "application/x-ndjson").json["counts"] == counts


def test_a_form_brings_a_file_and_corrections(api, ics):
    plain = api.post(f"report{ASKED}", ics).json
    said = [{"kind": "away", "from": "2026-11-02", "to": "2026-11-13"}]
    body, media = form(file=("../../etc/passwd.ics", ics), corrections=json.dumps(said))
    corrected = api.post(f"report{ASKED}", body, media).json
    assert [one["code"] for one in corrected["corrections"]] == ["you_said_away"]
    assert corrected["exposure"]["weeks"] < plain["exposure"]["weeks"]


def test_several_files_are_one_persons_calendars(api, ics):
    body, media = form(file=("a.ics", ics))
    twice = body.replace(b"--b--\r\n", b"") + form(file=("b.ics", ics))[0]
    once, both = (api.post(f"report{ASKED}", one, media).json for one in (body, twice))
    assert len(both["sources"]) == 2
    assert both["counts"] == once["counts"]


def test_names_are_left_out_where_that_is_asked(api, ics):
    shown = api.post(f"report{ASKED}&private=true&language=de", ics)
    assert b"@" not in shown.body
    for document in ("meetings", "people", "suggestions", "week", "doctor"):
        told = api.post(f"{document}{ASKED}&private=true", ics)
        assert (told.status, b"@" in told.body) == (200, False), document
    either = [event("ana", "bo", at=f"2026-11-{day:02} 10:00", organizer="") for day in range(2, 10)]
    lines = "\n".join(json.dumps(event_line(one)) for one in either).encode()
    for private, told in (("false", True), ("true", False)):
        nobody = api.post(f"report{ASKED}&private={private}", lines, "application/x-ndjson")
        assert (nobody.json["code"], "ana@example.com" in nobody.json["detail"]) == ("owner_not_found", told)
    assert (
        shown.json["flag"]["reasons"][0]["text"] != api.post(f"report{ASKED}", ics).json["flag"]["reasons"][0]["text"]
    )


@pytest.mark.parametrize(
    ("query", "body", "media", "status", "code", "words"),
    [
        ("", b"no calendar at all", "text/calendar", 422, "payload_invalid", "The upload"),
        ("", b"", "text/calendar", 400, "empty", "empty"),
        ("", b"PK\x03\x04 not really", "application/zip", 422, "payload_invalid", "The upload"),
        ("", b"{}\n", "application/x-ndjson", 422, "source", "The upload"),
        ("", b"x", "image/png", 415, "media_type", "text/calendar"),
        ("", b"x", "multipart/form-data; boundary=b", 400, "bad_form", ""),
        ("", b"x", "multipart/form-data", 400, "bad_form", ""),
        ("&weeks=0", None, "text/calendar", 422, "arguments", "weeks"),
        ("&as_of=0", None, "text/calendar", 422, "arguments", "YYYY-MM-DD"),
        ("&zone=Nowhere", None, "text/calendar", 422, "usage", "Nowhere"),
        (
            "&colour=red",
            None,
            "text/calendar",
            422,
            "arguments",
            "There is no 'colour' here. There are: me, weeks, as_of",
        ),
        ("&as-of=2026-11-22", None, "text/calendar", 422, "arguments", "Did you mean 'as_of'?"),
        ("&language=fr", None, "text/calendar", 422, "arguments", "language: choose de or en."),
        ("&source=/etc/passwd", None, "text/calendar", 403, "sources_off", "uploads only"),
    ],
)
def test_what_goes_wrong_is_a_problem_document(api, ics, query, body, media, status, code, words):
    answer = api.post(
        f"report?weeks=26{query}" if "weeks" not in query else f"report?{query}", ics if body is None else body, media
    )
    assert (answer.status, answer.json["code"]) == (status, code), answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["type"] == f"urn:calsight:problem:{code}"
    assert words in answer.json["detail"]
    assert "/tmp" not in answer.json["detail"]


def test_a_wrong_correction_is_named(api, ics):
    for said, words in (
        ("{}", "JSON list"),
        ("[1]", "JSON list"),
        ('[{"kind": "person", "address": "bo", "is": "mentor"}]', "'bo' is not an e-mail address"),
        ('[{"kind": "away"}]', "0.away.from is needed."),
        ('[{"kind": "holiday"}]', "0.kind must be one of 'meeting', 'person'"),
    ):
        body, media = form(file=("a.ics", ics), corrections=said)
        answer = api.post(f"report{ASKED}", body, media)
        assert (answer.status, answer.json["code"]) == (422, "corrections")
        assert words in answer.json["detail"]


def test_there_are_problems_for_paths_and_methods_that_are_not_there(api):
    assert api.ask("GET", "/api/v1/nothing").json["code"] == "not_found"
    wrong = api.ask("GET", "/api/v1/report").json
    assert (wrong["code"], wrong["detail"]) == ("method", "This address takes POST, not GET.")


def test_the_document_of_the_api_is_openapi_3_1_with_the_schema_of_the_report(api):
    document = api.ask("GET", "/openapi.json").json
    assert document["openapi"].startswith("3.1")
    paths = {"report", "meetings", "people", "suggestions", "week", "doctor", "schema"}
    assert set(document["paths"]) == {f"/api/v1/{name}" for name in paths}
    schemas = document["components"]["schemas"]
    assert set(schemas["Report"]["properties"]) == set(Report.json_schema()["properties"])
    assert api.ask("GET", "/api/v1/schema").json == Report.json_schema()
    references = set(json.dumps(document).split('"#/components/schemas/')[1:])
    assert {one.partition('"')[0] for one in references} <= set(schemas)


def test_a_source_is_read_within_its_reach_where_that_is_allowed(running, path, tmp_path):
    allowed = create_app(token=TOKEN, limits=Limits(workers=1), sources=Reach(folders=(str(path.parent),)))
    api = running(allowed)
    assert api.ask("POST", f"/api/v1/report{ASKED}&source={path}").status == 200
    assert "standard input" in api.ask("POST", f"/api/v1/report{ASKED}&source=-").json["detail"]
    for elsewhere in (tmp_path / "other.ics", "http://127.0.0.1:1/x.ics"):
        refused = api.ask("POST", f"/api/v1/report{ASKED}&source={elsewhere}")
        assert (refused.status, refused.json["code"]) == (422, "access")


def test_somebody_must_be_let_in():
    with pytest.raises(UsageError, match="authenticate"):
        create_app()
    with pytest.raises(UsageError, match="one of them"):
        create_app(token="x", authenticate=lambda _: True)
