"""How large the page is, how long it takes to write, and how long a browser takes to open it.

python benchmarks/html.py [--repeats 5]

A 26-week calendar of the demo and a crowd (5,000 meetings with 400 people). Opening is measured in Chromium from a file, with
the network off, each time with a fresh profile: from navigation to the page's load event and its first paint, and a sort of
the people by a click. Nothing here is a test; numbers depend on the machine.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
READY = """() => {
    const [page] = performance.getEntriesByType("navigation");
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    return { loaded: page.loadEventEnd, paint: paint ? paint.startTime : null };
}"""
SORT = """async () => {
    const button = document.querySelector("table.people th button");
    if (!button) return null;
    const begin = performance.now();
    button.click();
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - begin;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    from calsight.render.html.renderer import page
    from render.worlds import WORLDS

    with TemporaryDirectory() as folder:
        for name in ("much_time_high_interest", "crowd"):
            report = WORLDS[name]()
            spent = []
            for _ in range(repeats):
                begin = time.perf_counter()
                text = page(report)
                spent.append(time.perf_counter() - begin)
            path = Path(folder) / f"{name}.html"
            path.write_text(text, encoding="utf-8")
            print(f"{name}: {len(text.encode()) / 1000:.0f} kB; written in {spent[0]:.2f} s the first time, ", end="")
            print(f"{statistics.median(spent[1:] or spent):.2f} s (median) after that")
            opened(path, repeats)


def opened(path: Path, repeats: int) -> None:
    """Print what Chromium needs for one page."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        print("  no Chromium here")
        return
    from playwright.sync_api import sync_playwright

    loaded, paint, sort = [], [], []
    with sync_playwright() as running:
        for _ in range(repeats):
            browser = running.chromium.launch(executable_path=program, args=FLAGS)
            tab = browser.new_context(offline=True).new_page()
            tab.goto(path.as_uri(), wait_until="load")
            tab.wait_for_timeout(300)
            ready = tab.evaluate(READY)
            loaded.append(ready["loaded"])
            paint.append(ready["paint"] or ready["loaded"])
            sort.append(tab.evaluate(SORT) or 0.0)
            browser.close()
    for what, values in (("loaded", loaded), ("painted", paint), ("sorted by name", sort)):
        print(f"  {what}: {statistics.median(values):.0f} ms (median), {max(values):.0f} ms at most")


if __name__ == "__main__":
    main()
