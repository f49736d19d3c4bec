"""The page of a run, seen in a real browser."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, Playwright

from reports.site import build
from reports.site.page import anchor
from tests.reports.site.sample import Writer, ordinary, outcome, picture
from verdicts.outcome import Outcome, Request, Status, Step

HOSTILE = (
    "<script>window.pwned=1;alert(1)</script>",
    '"\'><img src=x onerror="window.pwned=1"><svg/onload=alert(1)>',
    "</style></script></title></textarea><iframe src=https://evil.example></iframe>",
    "{{ 7*7 }}{% raw %}${7*7}{#",
    "\x1b[31mred\x1b[0m\x1b]8;;https://evil.example\x07link\x1b]8;;\x07\x9b2J\x07\x00",
    "gnp.\u202egepj\u2066 \u2028 \u200b \ufeff \U000e0041 \ud800 \x85",
    "javascript:window.pwned=1",
    '" autofocus onfocus="window.pwned=1" data-owner="x',
    "data:text/html,<script>alert(1)</script>",
    "<base href=https://evil.example/><meta http-equiv=refresh content=0;url=https://evil.example>",
)


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    candidates = (os.environ.get("CHROMIUM"), "/usr/lib/chromium/chromium-headless-shell", "/usr/lib/chromium/chromium")
    path = next((each for each in candidates if each and Path(each).exists()), None)
    launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
    yield launched
    launched.close()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(color_scheme="light")
    yield context.new_page()
    context.close()


def hostile(text: str, number: int, status: Status) -> Outcome:
    return outcome(
        scenario=f"{text}{number}", surface=text, status=status, title=text, journey=text, owner=text, severity=text, failure=text, risk=text, runbook=text,
        nodeid=text, error=f"{text}\n{text}", blame=text, where=text, trace_id=text, started=text,
        steps=(Step(text, 0, 1, 0, text), Step(text, 0, 1, 9, "failed")),
        states=(f"{text}: {text}", text), slow=(text,), console=(text,), left_behind=(text,),
        requests=(Request(text, text, 0, 1, None, text, text),),
        evidence={text: text, "trace": text, "screenshot": "evidence/race.png", "page": "evidence/race.html"},
    )  # fmt: skip


@pytest.mark.parametrize("scripts", [True, False])
def test_what_the_target_says_is_only_text(chromium: Browser, written: Writer, scripts: bool) -> None:
    """No text from the target runs, loads, links, reorders or leaves its element, even where the content security policy is off."""
    listed = [hostile(text, number, status) for number, text in enumerate(HOSTILE) for status in (list(Status)[number % len(Status)],)]
    fields = ("target", "url", "product", "version", "revision", "exit_reason", "location", "command", "browser", "run")
    run = {name: "".join(HOSTILE) for name in fields} | {"expected": [{"scenario": text, "surface": text} for text in HOSTILE], "exit": 1}
    report = build(written(listed, run))
    asked: list[str] = []
    dialogs: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    context = chromium.new_context(bypass_csp=True, java_script_enabled=scripts)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", dismissed)
    page.goto(report.as_uri())
    page.locator("summary").first.wait_for()

    assert not dialogs
    assert [url for url in asked if not url.startswith("data:image/png")] == [report.as_uri()]
    text = report.read_text(encoding="utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u200b\ufeff]", text)
    assert page.locator("script").count() == 1
    assert page.locator("style").count() == 1
    assert page.locator("iframe, base, meta[http-equiv=refresh], object, embed, form[action]").count() == 0
    assert page.locator("[onerror], [onload], [onfocus], [autofocus], [style]").count() == 0
    schemes = {href.partition(":")[0] for href in re.findall(r'href="([^"]*)"', text) if not href.startswith(("#", "../"))}
    assert not schemes
    if scripts:
        assert page.evaluate("window.pwned") is None
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("[...document.querySelectorAll('img')].every((each) => each.src.startsWith('data:image/png'))")
    assert "{{ 7*7 }}" in page.locator("main").text_content()  # type: ignore[operator]
    context.close()


def test_everything_is_in_one_file(tab: Page, written: Writer) -> None:
    """The page asks for nothing, neither from the network nor from the disk, and says so in its policy."""
    report = build(written(ordinary()))
    asked: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(report.as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    tab.locator("img").first.wait_for()

    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]
    assert not complaints
    assert not re.search(r"(?:src|@import|url\()\s*=?\s*[\"']?(?:https?:)?//", report.read_text(encoding="utf-8"))


def test_what_failed_comes_first(tab: Page, written: Writer) -> None:
    """The cards run from failed to degraded, each with its promise, owner, error, states, steps and evidence."""
    tab.goto(build(written(ordinary())).as_uri())
    badges = tab.locator(".card > .top .badge").all_inner_texts()

    assert [badge.split()[-1] for badge in badges] == ["failed", "failed", "error", "incomplete", "blocked", "degraded", "degraded"]
    card = tab.locator(".card").first
    for told in ("exactly one succeeds", "billing", "integrity", "quota-bypassed", "expected exactly 1 of 4", "test_last_slot.py:31", "provisioning"):
        assert told in card.inner_text()
    assert card.locator(".steps > .failed").first.inner_text().startswith("✕ wait until one is refused")
    assert card.locator(".earlier").count() == 1
    card.get_by_text("Trace", exact=True).first.click()
    assert "playwright show-trace 'artifacts/20260302T093000Z-4f1c/evidence/race trace.zip'" in card.inner_text()
    assert card.locator("a[href='../evidence/race%20trace.zip']").first.is_visible()


def test_the_table_is_searched_and_filtered(tab: Page, written: Writer) -> None:
    """Words and choices narrow the rows together; a slash leads to the search, an owner's name filters."""
    tab.goto(build(written(ordinary())).as_uri())
    rows = tab.locator(".rows .row:visible")
    everything = rows.count()
    tab.keyboard.press("/")
    tab.keyboard.type("LAST slot")
    assert rows.count() == 2
    tab.locator("#filter [name=surface]").select_option("browser")
    assert rows.count() == 1
    tab.get_by_role("button", name="Clear").click()
    tab.wait_for_function(f"document.querySelectorAll('.rows .row:not([hidden])').length === {everything}")
    tab.locator("#filter [name=status]").select_option("not_applicable")
    assert rows.count() == 2
    tab.get_by_role("button", name="billing", exact=True).click()

    assert 0 < rows.count() < everything
    assert set(tab.locator(".rows .row:visible").evaluate_all("(rows) => rows.map((row) => row.dataset.owner)")) == {"billing"}


def test_a_link_from_outside_opens_its_row(tab: Page, written: Writer) -> None:
    """The place of a scenario is named after it, and a collapsed row opens."""
    report = build(written(ordinary()))
    tab.goto(f"{report.as_uri()}#{anchor('signup.scanner-safe', 'api')}")

    assert tab.locator("details[id='signup.scanner-safe--api'][open]").count() == 1


def test_the_theme_follows_the_system_until_it_is_chosen(tab: Page, written: Writer) -> None:
    """Dark where the system is dark; the button turns it over."""
    tab.goto(build(written(ordinary())).as_uri())
    ground = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(ground)
    tab.emulate_media(color_scheme="dark")
    dark = tab.evaluate(ground)
    tab.locator("#theme").click()

    assert light != dark
    assert tab.evaluate(ground) == light


@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_sticks_out(tab: Page, written: Writer, width: int) -> None:
    """The page is as wide as the window, whatever unbroken text comes."""
    long = outcome(scenario="quota." + "x" * 300, status=Status.FAILED, error="y" * 3000, owner="z" * 200, states=("w" * 300,))
    tab.set_viewport_size({"width": width, "height": 800})
    tab.goto(build(written([*ordinary(), long])).as_uri())

    assert tab.evaluate("document.documentElement.scrollWidth") == width


def test_places_are_named_once(tab: Page, written: Writer) -> None:
    """Every link into the page has one place to lead to."""
    tab.goto(build(written([*ordinary(), outcome(scenario="a b"), outcome(scenario="a_b"), outcome(scenario="a-b"), outcome(scenario="a/b")])).as_uri())
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    led_to = set(tab.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].map((each) => decodeURIComponent(each.getAttribute('href').slice(1)))"))

    assert len(ids) == len(set(ids))
    assert led_to <= set(ids)


def test_five_hundred_outcomes_are_shown(tab: Page, written: Writer) -> None:
    """A large run is one page like any other."""
    many = [
        outcome(scenario=f"quota.case-{number}", after=number / 9, status=list(Status)[number % 8] if number % 50 == 0 else Status.PASSED)
        for number in range(500)
    ]
    tab.goto(build(written(many)).as_uri())

    assert tab.locator(".rows .row").count() == 500
    assert tab.locator("svg.timeline a").count() == 500


def test_a_large_picture_is_linked_and_a_small_one_is_inside(written: Writer) -> None:
    """A screenshot of 400 kB or more stands beside the page, and what only calls itself a picture is not embedded."""
    folder = written(
        [outcome(status=Status.FAILED, evidence={"screenshot": "evidence/large.png", "second": "evidence/false.png", "third": "evidence/race.png"})]
    )
    (folder / "evidence/large.png").write_bytes(picture() + bytes(400_000))
    (folder / "evidence/false.png").write_bytes(b"<svg onload=alert(1)>")
    text = build(folder).read_text(encoding="utf-8")

    assert text.count('src="data:image/png;base64,') == 1
    assert 'href="../evidence/large.png"' in text


def test_a_run_without_outcomes_has_a_working_page(tab: Page, tmp_path: Path) -> None:
    """Where nothing is on record, the page says so and its script does not stumble."""
    complaints: list[str] = []
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(build(tmp_path).as_uri())
    tab.keyboard.press("/")

    assert "Nothing was tried" in tab.locator("header").inner_text()
    assert tab.locator("#theme").is_visible()
    assert not complaints
