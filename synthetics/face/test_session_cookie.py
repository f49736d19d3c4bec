"""Whoever has the cookie is the customer."""

from flows.contract.accounts import Sessions
from flows.contract.driver import Surface
from flows.contract.face import SessionCookies
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "face.session-cookie",
    owner="identity",
    risk="account-takeover",
    severity="critical",
    failure="integrity",
    needs=(Sessions, SessionCookies),
    surfaces=(Surface.BROWSER,),
)
def test_the_session_is_kept_from_scripts_other_sites_and_the_open_wire(customer: Customer) -> None:
    """The cookies that hold a session are hidden from scripts, kept from other sites, and sent by TLS alone."""
    with step("look at the session's cookies"):
        cookies = customer.face.session_cookies()

    assert cookies, "no cookie holds the session"
    for each in cookies:
        assert each.hidden, f"scripts can read the cookie {each.name}: it lacks HttpOnly"
        assert each.same_site in {"Lax", "Strict"}, f"other sites' forms carry the cookie {each.name}: its SameSite is '{each.same_site}'"
        assert each.secure or not customer.face.encrypted(), f"the cookie {each.name} is sent without TLS: it lacks Secure"
