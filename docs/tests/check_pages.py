"""Look at every page of the built site in Chromium, at the width of a screen and of a phone.

python docs/tests/check_pages.py docs/_build/html

A page fails if it scrolls sideways, if an image or a formula is missing, if its console shows an error, or if it asks
for anything that is not part of the site. Without Chromium or playwright nothing is checked, and a line says so.
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

WIDTHS = (1280, 390)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# What is wrong with a page, as a list of sentences. A formula is missing if it takes no room or could not be set.
FAULTS = """() => {
  const found = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) {
    const wide = [...document.querySelectorAll("main *")]
      .filter(each => each.getBoundingClientRect().right > width + 1)
      .map(each => each.tagName.toLowerCase() + "." + each.className);
    found.push("scrolls sideways: " + document.documentElement.scrollWidth + " pixels; " + wide.slice(0, 3).join(" "));
  }
  const right = each => each.getBoundingClientRect().right;
  const scrolls = each => { for (; each && each.tagName !== "MAIN"; each = each.parentElement)
    if (["auto", "scroll"].includes(getComputedStyle(each).overflowX) && right(each) <= width + 1) return true; };
  const cut = [...document.querySelectorAll("main :is(p, dt, dd, li, h1, h2, h3, td, code, math, img, svg)")]
    .filter(each => right(each) > width + 1 && !scrolls(each));
  if (cut.length) found.push(cut.length + " cut off: " + cut[0].tagName + " " + cut[0].textContent.slice(0, 60));
  for (const image of document.images)
    if (image.offsetParent !== null && !(image.complete && image.naturalWidth)) found.push("no image: " + image.src);
  for (const formula of document.querySelectorAll("math")) {
    const box = formula.getBoundingClientRect();
    const shown = formula.closest("details:not([open]), [hidden]") === null;
    if (shown && !(box.width && box.height)) found.push("empty formula: " + formula.textContent);
    if (formula.querySelector("merror")) found.push("broken formula: " + formula.textContent);
  }
  if (/\\$\\$|\\\\(frac|sum|lambda|mathrm)/.test(document.querySelector("main").innerText.replace(/```[^]*?```/g, "")))
    if (!document.querySelector("main pre")) found.push("a formula in plain text");
  return found;
}"""


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that does not print each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


def main() -> None:
    """Check all pages; exit with 1 if one is at fault."""
    site = Path(sys.argv[1])
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        print("The pages were not looked at: there is no Chromium.")
        return
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html") if "_static" not in path.parts)
    faults = list(check(site, pages, chromium))
    print(*faults, f"{len(pages)} pages at {len(WIDTHS)} widths, {len(faults)} faults", sep="\n")
    sys.exit(bool(faults))


def check(site: Path, pages: list[str], chromium: str) -> Iterator[str]:
    """Yield a line for each fault of each page."""
    from playwright.sync_api import sync_playwright

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server, sync_playwright() as driver:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = driver.chromium.launch(executable_path=chromium, args=options)
        for width in WIDTHS:
            tab = browser.new_page(viewport={"width": width, "height": 900})
            logged: list[str] = []
            tab.on("console", lambda message, logged=logged: message.type == "error" and logged.append(message.text))
            tab.on("pageerror", lambda error, logged=logged: logged.append(str(error)))
            tab.on(
                "request", lambda request, logged=logged: is_outside(request.url, base) and logged.append(request.url)
            )
            for page in pages:
                logged.clear()
                tab.goto(f"{base}/{page}", wait_until="load")
                for fault in [*tab.evaluate(FAULTS), *logged]:
                    yield f"{page} at {width}: {fault}"
        browser.close()
        server.shutdown()


def is_outside(url: str, base: str) -> bool:
    """Tell whether a request leaves the site."""
    return not url.startswith((base, "data:", "blob:", "about:"))


if __name__ == "__main__":
    main()
