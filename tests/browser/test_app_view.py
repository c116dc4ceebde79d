"""The report as an MCP App: the view in a frame of a host that speaks the protocol, and tells it a report."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("mcp", reason="the MCP server needs the extra [serve]")

from calsight.core.wording.words import Words
from calsight.serve.mcp.brief import Teller
from calsight.serve.mcp.server import view
from render.worlds import WORLDS

#: A host: answers `ui/initialize`, then sends a tool's result; what it hears is in `window.heard`.
HOST = """([html, result]) => {
  window.heard = [];
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.srcdoc = html;
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow) return;
    const message = event.data;
    window.heard.push(message);
    const post = (answer) => frame.contentWindow.postMessage({ jsonrpc: "2.0", ...answer }, "*");
    if (message.method === "ui/initialize") {
      post({ id: message.id, result: { protocolVersion: "2026-01-26", hostContext: { theme: "dark" }, hostCapabilities: {} } });
    }
    if (message.method === "ui/notifications/initialized") {
      post({ method: "ui/notifications/tool-result", params: result });
      post({ id: 7, method: "ping" });
      post({ id: 8, method: "nonsense" });
    }
  });
  document.body.append(frame);
}"""
#: The view has answered all that it was sent, and told its size.
HEARD = "() => [7, 8].every(id => heard.some(one => one.id === id)) && heard.some(one => one.method?.endsWith('size-changed'))"
EVIL = "<img src=x onerror=alert(1)> & <b>bold</b>"


def test_the_view_is_told_a_report_and_asks_nobody_else(browser: Any) -> None:
    report = WORLDS["watch"]()
    brief = Teller(Words(zone=report.owner.zone)).report(report, full=False).model_dump(mode="json")
    brief["people"][0]["name"] = EVIL
    tab = browser.new_context(offline=True).new_page()
    wrong: list[str] = []
    tab.on("console", lambda message: wrong.append(message.text))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    tab.set_content("<!doctype html><title>host</title>")
    tab.evaluate(HOST, [view(), {"content": [{"type": "text", "text": "x"}], "structuredContent": brief}])
    inside = tab.frame_locator("iframe")
    inside.locator(".verdict").wait_for()
    assert inside.locator("h1").inner_text() == brief["headline"]
    assert EVIL in inside.locator("body").inner_text()
    assert inside.locator("img, b").count() == 0
    assert inside.locator("html").get_attribute("data-theme") == "dark"
    tab.wait_for_function(HEARD)
    heard = json.loads(tab.evaluate("JSON.stringify(window.heard)"))
    assert heard[0]["method"] == "ui/initialize"
    assert heard[0]["params"]["protocolVersion"] == "2026-01-26"
    assert {"jsonrpc": "2.0", "id": 7, "result": {}} in heard
    assert any(one.get("id") == 8 and "error" in one for one in heard)
    assert any(one.get("method") == "ui/notifications/size-changed" for one in heard)
    tab.context.close()
    assert wrong == []


def test_an_error_is_shown_as_its_sentence(browser: Any) -> None:
    tab = browser.new_context(offline=True).new_page()
    tab.set_content("<!doctype html><title>host</title>")
    tab.evaluate(HOST, [view(), {"isError": True, "content": [{"type": "text", "text": "gone.ics: no such file."}]}])
    tab.frame_locator("iframe").get_by_text("gone.ics: no such file.").wait_for()
    tab.context.close()
