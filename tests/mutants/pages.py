"""What can be wrong with the pages alone, where the API is well: each must be noticed in the browser."""

from __future__ import annotations

import functools

from flows.contract.driver import Surface
from products.cloudsuite.app.pages import projects
from products.cloudsuite.app.transitions import Action
from tests.mutants import mutant
from tests.mutants.face import altered, redrawn

breaks = functools.partial(mutant.breaks, surface=Surface.BROWSER)

# -- what people are told is not what machines are ---------------------------------------------------------------------


@breaks({"provisioning.ready-and-used": "gives machines state 'active', and tells people 'requested'"})
def the_badge_of_a_project_stays_as_it_was() -> None:
    redrawn('data-late="false">active<', 'data-late="false">requested<')


@breaks({"signup.newborn-tenant": "gives machines usage-projects '0 of 2', and tells people 'Projects 1 of 2'"})
def the_words_of_a_bar_are_one_too_many() -> None:
    redrawn('<span class="soft">0 of', '<span class="soft">1 of')


@breaks({"signup.newborn-tenant": "gives machines usage-projects '0 of 2', and tells people 'Projects 0 of unlimited'"})
def the_words_of_a_bar_know_no_limit() -> None:
    redrawn("2</span></p>", "unlimited</span></p>")


@breaks({"account.upgrade": "gives machines plan 'team', and tells people 'free plan'"})
def the_badge_of_the_plan_stays_as_it_was() -> None:
    redrawn('data-plan="team">team plan', 'data-plan="team">free plan')


@breaks({"account.failed-payment": "gives machines status 'grace', and tells people 'active'"})
def the_badge_of_billing_stays_as_it_was() -> None:
    redrawn('data-status="grace">grace<', 'data-status="grace">active<')


@breaks({"account.invoices": "gives machines state 'paid', and tells people 'declined'"})
def a_paid_invoice_reads_as_declined() -> None:
    redrawn("<td>paid</td>", "<td>declined</td>")


@breaks({"lifecycle.trash": "gives machines name 'syn-.*', and tells people 'Project'"})
def what_is_deleted_has_no_name_to_people() -> None:
    redrawn("<td>syn-", "<td>Project</td><td hidden>")


@breaks({"lifecycle.audit-trail": "gives machines action 'create', and tells people 'rename'"})
def the_audit_log_tells_people_of_other_acts() -> None:
    redrawn("<td>create</td>", "<td>rename</td>")


@breaks({"collaboration.invitation": "gives machines role 'owner', and tells people 'Viewer'"})
def everybody_reads_as_a_viewer() -> None:
    redrawn(" selected>", ">")


@breaks({"face.status-agrees": "gives machines status 'ok', and tells people 'Something"})
def the_status_page_cries_wolf() -> None:
    redrawn("Everything works.", "Something is not working as it should.")


@breaks({"account.upgrade": "without its storage|storage"})
def a_plan_is_offered_with_ten_times_its_storage() -> None:
    redrawn("<li>10.0 MiB of storage", "<li>100.0 MiB of storage")


@breaks({"account.invoices": "says of the card 'Card ending in None.'"})
def the_page_knows_no_card_and_names_one() -> None:
    redrawn("No card yet.", "Card ending in None.")


# -- what people cannot do, and programs can ---------------------------------------------------------------------------


@breaks({"provisioning.ready-and-used": r"stayed requested in 10\.\d s, never active|stayed provisioning in 10"})
def pages_do_not_keep_themselves_up_to_date() -> None:
    altered("watch.js", lambda _: "")


@breaks({"provisioning.failure-has-reason": "failed without a reason"})
def the_page_of_a_failed_project_gives_no_reason() -> None:
    redrawn('data-testid="project-reason"', "hidden")


@breaks({"collaboration.live-editing": "did not show a document that is connected and saved"})
def the_editor_never_sends_what_is_typed() -> None:
    altered("document.js", lambda script: script.replace("socket.send(", "void ("))


@breaks({"lifecycle.offered-actions": "a project that is active offers 'archive', 'delete', 'retry', where its state allows 'archive', 'delete'"})
def the_page_of_a_project_offers_what_cannot_be_done() -> None:
    """F25"""

    @mutant.instead_of(projects, "_buttons")
    def generous(original, state, role):
        return [*original(state, role), (Action.RETRY, *projects.BUTTONS[Action.RETRY])]


@breaks({"lifecycle.offered-actions": "a project that is failed offers 'delete', where its state allows 'delete', 'retry'"})
def the_page_of_a_failed_project_offers_no_second_try() -> None:
    """F26"""

    @mutant.instead_of(projects, "_buttons")
    def mean(original, state, role):
        return [each for each in original(state, role) if each[0] is not Action.RETRY]
