"""A form of another site is none of ours."""

from flows import face, provisioning, signup
from flows.blame import arranging
from flows.contract.accounts import Sessions, SignUp
from flows.contract.driver import Surface
from flows.contract.face import OwnForms
from flows.contract.projects import Projects
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "face.forged-form",
    owner="identity",
    risk="account-takeover",
    severity="critical",
    failure="integrity",
    needs=(SignUp, Sessions, Projects, OwnForms),
    surfaces=(Surface.BROWSER,),
)
def test_forged_forms_do_nothing_and_own_ones_are_taken(visitor: Customer) -> None:
    """A form that another site forges is refused and does nothing; the same form of the product's own page is taken, before and after logging in."""
    with refused(Reason.FORGED, doing="a forged sign-up form"):
        face.forge_registration(visitor)
    signup.register(visitor)
    with arranging("a log-in"):
        signup.confirm(visitor)
        signup.log_in(visitor)
    before = {each.id for each in visitor.projects.projects()}

    with refused(Reason.FORGED, doing="a forged form for a project"):
        face.forge_request(visitor)

    assert {each.id for each in visitor.projects.projects()} == before, "a forged form was refused, and made a project all the same"
    provisioning.request(visitor)
