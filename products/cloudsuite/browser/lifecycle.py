"""Lifecycle by page: a button for each action that the product offers. What it does not offer, nobody can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

from flows.blame import ProductFault, Refused
from flows.contract.lifecycle import Action, AuditEntry
from flows.contract.projects import Project, State
from flows.refusal import Reason, Refusal
from products.cloudsuite.api.operator import ApiOperator
from products.cloudsuite.browser.projects import MOVING, shown
from products.cloudsuite.browser.window import Window
from products.cloudsuite.rules import RETENTION, RULES
from products.pages import Shown

if TYPE_CHECKING:
    from playwright.sync_api import Locator

BUTTONS = {
    Action.CANCEL: "Cancel",
    Action.RETRY: "Try again",
    Action.ARCHIVE: "Archive",
    Action.UNARCHIVE: "Unarchive",
    Action.DELETE: "Delete",
    Action.RESTORE: "Restore",
    Action.PURGE: "Delete for good",
}
BY_STAFF = {Action.SUSPEND, Action.RESUME}
OF_DELETED = {Action.RESTORE, Action.PURGE}
LEGAL: Mapping[State, frozenset[Action]] = {
    **{state: frozenset(moves) for state, moves in RULES.items()},
    **dict.fromkeys(MOVING, frozenset({Action.CANCEL, Action.DELETE})),
}


class BrowserLifecycle:
    """Fulfils `flows.contract.lifecycle`, but for the rules: forged requests against them are no page's matter."""

    def __init__(self, window: Window, operator: ApiOperator) -> None:
        self.window, self.operator = window, operator

    def perform(self, project_id: str, action: Action) -> None:
        """Press the button: on the project's page, or on the dashboard where it is deleted. Suspend and resume are the operator's."""
        window = self.window
        if action in BY_STAFF:
            self.operator.set_project(project_id, action)
        elif action in OF_DELETED:
            deleted = window.only(self._deleted(project_id) or self._amiss(project_id, action), "row of the deleted project")
            button = f"{BUTTONS[action]}: {window.datum(deleted, 'name')}"
            if not window.shows(window.button(button, self._row(project_id))):
                raise Refused(Refusal(reason=Reason.FORBIDDEN, message=f"the page offers no '{BUTTONS[action]}' for the deleted project"))
            window.send(button, within=self._row(project_id))
        elif window.shows_on(f"/p/{project_id}", window.button(BUTTONS[action])):
            window.send(BUTTONS[action])
        else:
            self._amiss(project_id, action)

    def offered(self, project_id: str) -> frozenset[Action]:
        """Read the buttons of the project's page, or of its row among the deleted."""
        if self._deleted(project_id):
            return self._pressable(self._row(project_id))
        self.window.visit(f"/p/{project_id}")
        return self._pressable(self.window.page.locator("main"))

    def legal(self, state: State) -> frozenset[Action]:
        """Return the documented table's, but for what is the operator's."""
        return LEGAL.get(state, frozenset()) - BY_STAFF

    def rename(self, project_id: str, name: str) -> None:
        """Fill in the form of the project's page."""
        if not self.window.shows_on(f"/p/{project_id}", self.window.button("Rename")):
            raise Refused(Refusal(reason=Reason.FORBIDDEN, message="the page does not let us rename the project"))
        self.window.fill("Name", name)
        self.window.send("Rename")

    def rename_while(self, project_id: str, name: str, meanwhile: Callable[[], object]) -> None:
        """Fill in the form of the project's page, and send it later; the page does not replace what somebody types in."""
        self.window.visit(f"/p/{project_id}")
        self.window.fill("Name", name)
        meanwhile()
        self.window.send("Rename")

    def trash(self) -> list[Project]:
        """Read the deleted projects of the dashboard."""
        self.window.visit(f"/w/{self.window.place()}")
        rows = self.window.marked("deleted-row")
        return [Project(id=self.window.datum(each, "id"), name=self.window.told(each, "name", "Name"), state=State.DELETED) for each in rows]

    def retention(self) -> float:
        """Return what is documented."""
        return RETENTION

    def kept_until(self, project_id: str) -> float:
        """Read it in its row of the dashboard."""
        found = self._deleted(project_id)
        if not found:
            raise Refused(Refusal(reason=Reason.NOT_FOUND, message="the dashboard does not list the project among the deleted ones"))
        until = self.window.cell(self.window.only(found, "row of the deleted project"), "Can be restored until")
        try:
            return datetime.fromisoformat(until).timestamp()
        except ValueError as cause:
            msg = f"the page {self.window.here()} lets a deleted project be restored until {until!r}"
            raise ProductFault(msg) from cause

    def audit(self, project_id: str) -> list[AuditEntry]:
        """Read the log on the project's page."""
        self.window.visit(f"/p/{project_id}")
        return [self._entry(each) for each in self.window.marked("audit-entry")]

    def _entry(self, of: Shown) -> AuditEntry:
        window = self.window
        at = window.cell(of, "When")
        try:
            return AuditEntry(at=datetime.fromisoformat(at).timestamp(), actor=window.told(of, "actor", "Who"), action=window.told(of, "action", "What"))
        except ValueError as cause:
            msg = f"the page {window.here()} dates an entry of the audit log {at!r}"
            raise ProductFault(msg) from cause

    def _row(self, project_id: str) -> Locator:
        return self.window.page.locator(f'[data-testid="deleted-row"][data-id="{project_id}"]')

    def _deleted(self, project_id: str) -> list[Shown]:
        self.window.visit(f"/w/{self.window.place()}")
        return self.window.seen(self._row(project_id), what="deleted projects")

    def _pressable(self, within: Locator) -> frozenset[Action]:
        names = {each.text for each in self.window.seen(within.get_by_role("button"), what="buttons")}
        return frozenset(action for action, name in BUTTONS.items() if name in names)

    def _amiss(self, project_id: str, action: Action) -> NoReturn:
        """Say why the product offers no such button: the role where the documents have the move, else the state.

        Raises:
            Refused: always; NOT_FOUND where there is no such page.
        """
        self.window.visit(f"/p/{project_id}")
        state = shown(self.window).state
        reason = Reason.FORBIDDEN if action in LEGAL[state] else Reason.ILLEGAL_TRANSITION
        raise Refused(Refusal(reason=reason, message=f"the page of the {state} project offers no '{BUTTONS[action]}'"))
