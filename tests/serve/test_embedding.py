"""The examples of embedding run: the weekly digest, calsight inside another product, and the container's server."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from serve.conftest import AS_OF

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_weekly_digest_is_what_a_chat_takes(path):
    week = subprocess.run(
        [sys.executable, "-m", "calsight", "week", path, "--as-of", AS_OF, "--json", "--no-cache"],
        capture_output=True,
        check=True,
    )
    done = subprocess.run(
        [sys.executable, EXAMPLES / "weekly_digest.py"], input=week.stdout, capture_output=True, check=True
    )
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("*Your week*")
    assert lines[1].startswith("• Last week, from ")
    assert lines[-1].startswith("→ ")
    assert len(lines) == len(json.loads(week.stdout)["held"]) + len(json.loads(week.stdout)["compared"]["changes"]) + 2


def test_calsight_inside_another_product(running, ics):
    pytest.importorskip("vl_convert", reason="the page needs the extra [html]")
    found = importlib.util.spec_from_file_location("inside_fastapi", EXAMPLES / "inside_fastapi.py")
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    module.USERS["secret-of-ana"] = "amara.diallo@northgate.example"
    api = running(module.app)
    mine = {"X-Session": "secret-of-ana"}
    report = api.ask("POST", f"/calsight/api/v1/report?as_of={AS_OF}", ics, {"Content-Type": "text/calendar", **mine})
    assert report.json["flag"]["level"]
    assert api.ask("POST", "/calsight/api/v1/report", ics, {"Content-Type": "text/calendar"}).status == 401
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.ics"\r\n\r\n' + ics + b"\r\n--b--\r\n"
    page = api.ask("POST", "/my-report", body, {"Content-Type": "multipart/form-data; boundary=b", **mine})
    assert page.status == 200
    assert b'<h2 class="verdict"' in page.body


def test_the_containers_server_answers_and_needs_a_token(ics, tmp_path):
    server = EXAMPLES / "container" / "server.py"
    refused = subprocess.run(
        [sys.executable, server], capture_output=True, text=True, env=os.environ | {"CALSIGHT_TOKEN": "x"}
    )
    assert "CALSIGHT_TOKEN" in refused.stderr
    from calsight.serve.run import listening

    free = listening("127.0.0.1", 0)
    port = free.getsockname()[1]
    free.close()
    token = "a-long-secret-of-the-tests"
    running = subprocess.Popen(
        [sys.executable, server, str(port)], env=os.environ | {"CALSIGHT_TOKEN": token}, stderr=subprocess.PIPE
    )
    try:
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1/report?as_of={AS_OF}",
            ics,
            {"Content-Type": "text/calendar", "Authorization": f"Bearer {token}"},
        )
        for _ in range(300):
            try:
                with urllib.request.urlopen(asked) as answer:
                    assert json.load(answer)["flag"]["level"]
                break
            except ConnectionError:
                pass
            except urllib.error.URLError as error:
                if not isinstance(error.reason, ConnectionError):
                    raise
            time.sleep(0.1)
        else:
            raise AssertionError("the server never answered")
    finally:
        running.terminate()
        _, errors = running.communicate(timeout=300)
    assert (running.returncode, errors) == (143, b"")


def test_the_containerfile_is_small_and_not_root():
    text = (EXAMPLES / "container" / "Containerfile").read_text(encoding="utf-8")
    orders = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(orders) < 12
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert "--read-only" in text
