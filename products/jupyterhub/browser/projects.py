"""Projects are named servers: the rows of the home page, with a button for each thing that can be done now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.blame import ProductFault, Refused
from flows.contract.lifecycle import Action
from flows.contract.projects import Project, State, Variant
from flows.contract.quotas import Beginning, Meter, Usage
from flows.refusal import Reason, Refusal
from products.jupyterhub import names
from products.jupyterhub.browser.accounts import BrowserAccounts
from products.jupyterhub.browser.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Locator

ALLOWANCE = re.compile(r"you may have additional\s+(?P<limit>\d+)?\s*server")
ABSENT, STOPPED = 404, 424
ROWS = """rows => rows.map(row => {
    const shown = part => { const found = row.querySelector(part); return !!found && found.offsetParent !== null };
    return {
        name: row.dataset.serverName, link: shown('.server-link'),
        stop: shown('.stop-server'), start: shown('.start-server'), remove: shown('.delete-server'),
    };
})"""


@dataclass(frozen=True)
class Row:
    """A row of the home page: which of its parts a person sees."""

    name: str
    link: bool
    stop: bool
    start: bool
    remove: bool

    @property
    def state(self) -> State:
        """Read the state as a person would."""
        if self.link:
            return State.ACTIVE
        return State.PROVISIONING if self.stop else State.SUSPENDED


class BrowserProjects:
    """Fulfils `flows.contract.projects.Projects`."""

    def __init__(self, window: Window, accounts: BrowserAccounts) -> None:
        self.window, self.accounts = window, accounts

    def request(self, name: str, variant: Variant | None = None, *, key: str | None = None) -> Project:  # noqa: ARG002 -- the hub has neither
        """Type the name and press the button. The name of a server that is there starts or opens it."""
        window, page = self.window, self.window.page
        owner = self._me()
        window.home()
        window.fill("server name", name)
        window.press("Add New Server")
        window.doing(lambda: page.wait_for_url(lambda url: "/hub/home" not in url, wait_until="domcontentloaded"), "a page on the new server")
        if window.path().startswith("/user/"):
            return names.project(owner, name, State.ACTIVE)
        if window.await_any(page.get_by_role("progressbar"), window.error(), what="the start of the new server"):
            window.declined("ask for a server")
        return names.project(owner, name, State.PROVISIONING)

    def project(self, project_id: str) -> Project:
        """Look at one's own server in the list, and at somebody else's by its address."""
        owner, server = names.parts(project_id)
        if owner != self._me():
            return self._visited(project_id)
        row = self.row(server)
        reason = self._failure(project_id) if row.state is State.SUSPENDED else None
        return names.project(owner, server, State.FAILED if reason else row.state, reason=reason)

    def projects(self) -> list[Project]:
        """Read the list."""
        owner = self._me()
        return [names.project(owner, row.name, row.state) for row in self.rows()]

    def rows(self) -> list[Row]:
        """Read the rows of the home page."""
        self.window.home()
        found = self.window.doing(lambda: self.window.page.locator("tr[data-server-name]").evaluate_all(ROWS), "a list of servers")
        return [Row(**each) for each in found]

    def row(self, server: str) -> Row:
        """Read one row.

        Raises:
            Refused: NOT_FOUND.
        """
        found = next((row for row in self.rows() if row.name == server), None)
        if found is None:
            raise Refused(Refusal(Reason.NOT_FOUND, f"the home page lists no server '{server}'"))
        return found

    def _me(self) -> str:
        return self.accounts.whoami().id

    def _visited(self, project_id: str) -> Project:
        """Open the address of somebody's server."""
        owner, server = names.parts(project_id)
        status = self.window.enter(f"{names.inside(project_id)}/lab")
        self.window.consent()
        if status == STOPPED:
            return names.project(owner, server, State.SUSPENDED)
        if status >= 400 or not self.window.path().startswith("/user/"):  # noqa: PLR2004 -- HTTP refusals
            self.window.declined("open a server", self.window.page.get_by_role("heading", level=1))
        return names.project(owner, server, State.ACTIVE)

    def _failure(self, project_id: str) -> str | None:
        """Return what the page of a server that does not run says about its last start."""
        self.window.go(f"/hub{names.inside(project_id)}/", server_errors=True)
        heading = self.window.page.get_by_role("heading", name="Spawn failed", exact=True)
        if not heading.is_visible():
            return None
        return " ".join(self.window.said(self.window.page.locator("div.text-center"), "why it failed").split())


class BrowserQuotas:
    """Fulfils `flows.contract.quotas`: the hub has a limit of named servers, and no plans."""

    def __init__(self, projects: BrowserProjects, documented: Beginning) -> None:
        self.projects, self.documented = projects, documented

    def beginning(self) -> Beginning:
        """Return what the hub's operator has promised."""
        return self.documented

    def usage(self) -> Usage:
        """Count the rows, and read the sentence above them."""
        used = len(self.projects.rows())
        window = self.projects.window
        told = ALLOWANCE.search(" ".join(window.said(window.page.locator("body"), "the limit of servers").split()))
        if told is None:
            msg = f"the page {window.page.url} does not tell how many named servers one may have"
            raise ProductFault(msg)
        return Usage(projects=Meter(limit=int(told["limit"]) if told["limit"] else None, used=used))


class BrowserLifecycle:
    """Fulfils `flows.contract.lifecycle`: to suspend is to stop a server, its files are kept."""

    def __init__(self, window: Window, projects: BrowserProjects) -> None:
        self.window, self.projects = window, projects

    def offered(self, project_id: str) -> frozenset[Action]:
        """Tell which buttons the row has."""
        row = self.projects.row(names.parts(project_id)[1])
        buttons = {Action.SUSPEND: row.stop, Action.RESUME: row.start, Action.DELETE: row.remove}
        return frozenset(action for action, there in buttons.items() if there)

    def legal(self, state: State) -> frozenset[Action]:
        """Return what the home page has buttons for: a server that runs is stopped before it is deleted."""
        return frozenset({Action.SUSPEND} if state is State.ACTIVE else {Action.RESUME, Action.DELETE})

    def perform(self, project_id: str, action: Action) -> None:
        """Press the button. One that removes a running server has to stop it first: so the page wants it."""
        owner, server = names.parts(project_id)
        if owner != self.projects.accounts.whoami().id:
            raise Refused(Refusal(Reason.NOT_FOUND, f"the home page lists no server of {owner}"))
        row = self.projects.row(server)
        line = self.window.page.locator(f'tr[data-server-name="{server}"]')
        match action:
            case Action.SUSPEND:
                self._needs(row.stop, action, row)
                self._stop(line)
            case Action.RESUME:
                self._needs(row.start, action, row)
                self.window.press("start", within=line)
                page = self.window.page
                if self.window.await_any(page.get_by_role("progressbar"), self.window.error(), what="the start of the server"):
                    self.window.declined("start a server")
            case Action.DELETE:
                if row.stop:
                    self._stop(line)
                self._remove(line)
            case _:
                raise ValueError(action)

    def _needs(self, there: bool, action: Action, row: Row) -> None:  # noqa: FBT001 -- read as a sentence
        if not there:
            raise Refused(Refusal(Reason.ILLEGAL_TRANSITION, f"the home page offers no way to {action} '{row.name}', which is {row.state}"))

    def _stop(self, line: Locator) -> None:
        self.window.press("stop", within=line)
        started = line.get_by_role("button", name="start", exact=True)
        if self.window.await_any(started, self.window.dialog(), what="a stopped server"):
            self.window.declined("stop a server", self.window.dialog())

    def _remove(self, line: Locator) -> None:
        self.window.page.once("dialog", lambda question: question.accept())
        self.window.press("delete", within=line)
        self.window.doing(lambda: line.wait_for(state="detached"), "the list without the server")
