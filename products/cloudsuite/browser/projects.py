"""Projects by page."""

from __future__ import annotations

import re
from itertools import zip_longest

from flows.blame import ProductFault
from flows.contract.projects import Project, State, Variant
from products.cloudsuite.browser.window import Window
from products.pages import Shown

PROJECT = r"/p/([\w-]+)"
MOVING = {State.REQUESTED, State.PROVISIONING}
"""States that pass by themselves."""
TEST_REGION = "zz-"
MARKS = ("project-state", "project-reason", "project-owner", "project-visibility", "history-entry")
VARIANT = ("Template", "Tier", "Region")
VISIBILITY = re.compile(r"\((\w+)\)")


class BrowserProjects:
    """Fulfils `flows.contract.projects`, but for keys: a form is known by an id of its own."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def request(self, name: str, variant: Variant | None = None, *, key: str | None = None) -> Project:  # noqa: ARG002 -- pages take no keys
        """Fill in the form of a new project and read the page that it leads to."""
        variant = variant or Variant(template="blank", tier="starter", region="eu-north")
        window = self.window
        window.visit(f"/w/{window.place()}/projects/new")
        window.fill("Name", name)
        for label, value in zip(VARIANT, (variant.template, variant.tier, variant.region), strict=True):
            if value is not None:
                window.choose(label, value)
        window.send("Create project")
        return shown(window)

    def project(self, project_id: str) -> Project:
        """Look at its page. While the project moves, the page has to keep itself up to date: a stale script is a fault. At rest it is loaded anew."""
        if self.window.path() == f"/p/{project_id}":
            self.window.heed(200)
            found = shown(self.window)
            if found.state in MOVING:
                return found
        self.window.visit(f"/p/{project_id}")
        return shown(self.window)

    def projects(self) -> list[Project]:
        """Read the rows of the dashboard. While one of them moves, it has to keep itself up to date, as a project's page does."""
        path = f"/w/{self.window.place()}"
        if self.window.path() == path:
            self.window.heed(200)
            found = self._rows()
            if any(each.state in MOVING for each in found):
                return found
        self.window.visit(path)
        return self._rows()

    def _rows(self) -> list[Project]:
        return [row(self.window, each) for each in self.window.marked("project-row")]

    def variants(self) -> list[Variant]:
        """Combine the choices of the form so that each comes up; the test regions are not for sale."""
        self.window.visit(f"/w/{self.window.place()}/projects/new")
        templates, tiers, regions = (list(self.window.choices(label)) for label in VARIANT)
        sold = [region for region in regions if not region.startswith(TEST_REGION)]
        return [Variant(template or templates[0], tier or tiers[0], region or sold[0]) for template, tier, region in zip_longest(templates, tiers, sold)]

    def failing(self) -> Variant:
        """Use the test region that always fails."""
        return Variant("blank", "standard", "zz-fail")

    def failing_once(self) -> Variant:
        """Use the test region that fails once."""
        return Variant("blank", "starter", "zz-flaky")

    def slow(self) -> Variant:
        """Use the test region that takes its time."""
        return Variant("blank", "starter", "zz-slow")


def shown(window: Window) -> Project:
    """Read the page of a project, all at one moment."""
    project_id = window.landed(PROJECT, "opening a project")
    found = window.seen(window.page.locator("h1, dl, [data-testid]"), what="a project")
    plain = [each for each in found if "testid" not in each.data]
    title = window.only([each for each in plain if not each.cells], "name")
    about = window.only([each for each in plain if each.cells], "list of what the project is")
    marked = {part: [each for each in found if each.data.get("testid") == part] for part in MARKS}
    seen_by = VISIBILITY.search(window.only(marked["project-visibility"], "visibility").text)
    return Project(
        id=project_id,
        name=title.text,
        state=state(window, window.told(window.only(marked["project-state"], "state"), "state")),
        variant=Variant(*(window.cell(about, part) for part in VARIANT)),
        reason=next((each.text for each in marked["project-reason"]), None),
        version=window.number(window.cell(about, "Version"), "the version"),
        owner=window.only(marked["project-owner"], "owner").text,
        private=seen_by[1] == "private" if seen_by else None,
        history=tuple(state(window, window.told(each, "state")) for each in marked["history-entry"]),
    )


def row(window: Window, of: Shown) -> Project:
    """Read a row of the dashboard."""
    at = state(window, window.cell(of, "State").split()[0])
    return Project(id=window.datum(of, "id"), name=window.told(of, "name", "Name"), state=at, variant=Variant(*(window.cell(of, part) for part in VARIANT)))


def state(window: Window, word: str) -> State:
    """Know a state by its word.

    Raises:
        ProductFault: nobody knows it.
    """
    try:
        return State(word)
    except ValueError as cause:
        msg = f"the page {window.here()} shows a state '{word}' that nobody knows"
        raise ProductFault(msg) from cause
