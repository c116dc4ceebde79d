"""The API is what its OpenAPI document says, whatever is asked of it: schemathesis asks, a bounded number of times."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("schemathesis", reason="schemathesis is not installed (the dev group has it)")

import requests
import schemathesis
from schemathesis import checks

import calsight
from calsight.demo import invent
from calsight.reading.event_lines import event_line
from calsight.serve import Limits, create_app
from calsight.testing import moment
from serve.conftest import TOKEN

#: What an answer must be; that a calendar cannot be judged as it was asked for is an answer too.
AS_SAID = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
ICS = invent("much_time_low_interest", as_of=moment("2026-11-22 18:00")).ics


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("work.ics", ICS)
    return packed.getvalue()


def _lines(tmp_path) -> bytes:
    path = tmp_path / "work.ics"
    path.write_bytes(ICS)
    found = calsight.events(path, as_of="2026-11-22", settings={}, cache=False)
    return "\n".join(json.dumps(event_line(one)) for one in found).encode()


@pytest.fixture(scope="module")
def document(running, tmp_path_factory):
    api = running(create_app(token=TOKEN, limits=Limits(workers=1)))
    # Without real bodies nearly all is refused, and a pass means little.
    schemathesis.openapi.media_type("text/calendar", st.just(ICS))
    schemathesis.openapi.media_type("application/zip", st.just(_zip()))
    schemathesis.openapi.media_type("application/x-ndjson", st.just(_lines(tmp_path_factory.mktemp("lines"))))
    return schemathesis.openapi.from_url(f"{api.address}/openapi.json")


@pytest.mark.parametrize("name", ["report", "meetings", "people", "suggestions", "week", "doctor", "schema"])
def test_every_answer_is_as_the_document_says(document, name):
    statuses: list[int] = []
    operation = document[f"/api/v1/{name}"]["GET" if name == "schema" else "POST"]

    @settings(max_examples=10, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy())
    def ask(case):
        # Not case.call(): it counts connections in a way that another urllib3 (niquests brings one) does not know.
        given = case.as_transport_kwargs()
        given["headers"] = {**(given.get("headers") or {}), "Authorization": f"Bearer {TOKEN}"}
        answer = requests.request(**given, timeout=300)
        assert answer.status_code < 500
        case.validate_response(answer, checks=AS_SAID)
        statuses.append(answer.status_code)

    ask()
    assert 200 in statuses
