"""How a page comes up in a browser: all that goes wrong meanwhile, and when it stands there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flows.contract.face import Loading
from products.pages import Pages

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request, Response

CLIENT_ERROR = 400
LEFT = "net::ERR_ABORTED"
"""What a request says that the page itself gave up, by going on or by closing."""

ECHO = "Failed to load resource"
"""How the console repeats what the answer, or its absence, says already."""

MIXED = "Mixed Content"

STANDING = """() => new Promise(done => {
  let painted = 0, shift = 0;
  const listen = (type, take) => new PerformanceObserver(list => list.getEntries().forEach(take)).observe({type, buffered: true});
  listen("largest-contentful-paint", each => { painted = Math.max(painted, each.startTime); });
  listen("layout-shift", each => { if (!each.hadRecentInput) shift += each.value; });
  const tell = () => {
    const foreign = sheet => sheet.href && new URL(sheet.href).origin !== location.origin;
    const rules = [...document.styleSheets].filter(sheet => { try { return sheet.cssRules.length; } catch { return foreign(sheet); } });
    const blank = [...document.images].filter(each => each.complete && each.currentSrc && !each.naturalWidth);
    const {responseStart, loadEventEnd} = performance.getEntriesByType("navigation")[0];
    done({firstByte: responseStart, painted: painted || loadEventEnd, shift, styled: rules.length, blank: blank.map(each => each.currentSrc)});
  };
  let left = 60;
  const look = () => (painted || !left--) ? requestAnimationFrame(tell) : setTimeout(look, 16);
  look();
})"""
"""Waits for the largest paint at most a second: a page without text and pictures has none."""


def loading(window: Pages, path: str) -> Loading:
    """Open a page, wait for all that it loads, and say how that went.

    Raises:
        TargetUnreachable, ProductFault: as `Pages.go`; or not all had loaded in time.
    """
    page = window.page
    with _overheard(page) as troubles:
        window.go(path)
        window.doing(lambda: page.wait_for_load_state("load"), "all that it loads")
        seen = window.doing(lambda: page.evaluate(STANDING), "when it was painted")
    if not seen["styled"]:
        troubles.append("no style sheet has a rule")
    troubles += [f"the picture {_plain(each)} is blank" for each in seen["blank"]]
    return Loading(
        url=window.here(),
        troubles=tuple(dict.fromkeys(troubles)),
        first_byte=seen["firstByte"] / 1000,
        painted=seen["painted"] / 1000,
        shift=seen["shift"],
    )


@contextmanager
def _overheard(page: Page) -> Iterator[list[str]]:
    """Collect what goes wrong in a page."""
    troubles: list[str] = []

    def asked(request: Request) -> None:
        ours = page.url if page.url.startswith("http") else request.url
        if urlsplit(ours).scheme == "https" and urlsplit(request.url).scheme in {"http", "ws"}:
            troubles.append(f"{request.resource_type} {_plain(request.url)} is asked for without TLS")

    def answered(response: Response) -> None:
        if response.status >= CLIENT_ERROR:
            troubles.append(f"{response.request.resource_type} {_plain(response.url)} answered {response.status}")

    def lost(request: Request) -> None:
        if request.failure != LEFT:
            troubles.append(f"{request.resource_type} {_plain(request.url)} did not load: {request.failure}")

    def cried(line: ConsoleMessage) -> None:
        if (line.type == "error" and not line.text.startswith(ECHO)) or MIXED in line.text:
            troubles.append(f"the console says: {line.text[:300]}")

    def broke(cause: object) -> None:
        troubles.append(f"a script broke: {str(cause)[:300]}")

    heard = {"request": asked, "response": answered, "requestfailed": lost, "console": cried, "pageerror": broke}
    for event, take in heard.items():
        page.on(event, take)  # type: ignore[call-overload]  # each event with what takes it
    try:
        yield troubles
    finally:
        for event, take in heard.items():
            page.remove_listener(event, take)


def _plain(url: str) -> str:
    return url.partition("?")[0]
