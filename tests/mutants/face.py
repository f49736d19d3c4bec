"""What can be wrong with the face of the product: its pages, its answers, and what it says of itself."""

from __future__ import annotations

import functools
import itertools
import os
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import uvicorn.server
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from products.cloudsuite.app import access, clock, refusals, release, web
from products.cloudsuite.app.api import status as status_api
from products.cloudsuite.app.domain import catalogue, health
from tests.mutants.mutant import breaks, instead_of

WORKS, IN_TIME, BUTTON = "face.page-works", "face.page-in-time", "face.button-works"
VERSION, CERTIFICATE, GUARDS, COOKIE = "face.version-agrees", "face.certificate", "face.security-headers", "face.session-cookie"
FORGED, CLOCK, STATUS, MANY, QUICK = "face.forged-form", "face.clock-agrees", "face.status-agrees", "face.many-requests", "face.answers-in-time"


def altered(name: str, change: Callable[[str], str]) -> None:
    """Serve a file that browsers load with something changed in it."""
    draft = Path(tempfile.mkdtemp(prefix="mutant-")) / name
    draft.write_text(change((release.STATIC / name).read_text()))

    @instead_of(StaticFiles, "lookup_path")
    def other(original, files, path):
        return (str(draft), os.stat(draft)) if path == name else original(files, path)  # noqa: PTH116 -- what it returns


def redrawn(old: str, new: str) -> None:
    """Show pages with something changed in them."""

    @instead_of(access, "render")
    def other(original, template, **values):
        return original(template, **values).replace(old, new)


# -- how pages come up -------------------------------------------------------------------------------------------------


def missing(ending: str) -> None:
    @instead_of(StaticFiles, "lookup_path")
    def lost(original, files, path):
        if path.endswith(ending):
            raise HTTPException(404)
        return original(files, path)


@breaks({WORKS: "dashboard: script .*/static/watch.js answered 404"})
def the_script_is_missing() -> None:
    """F44"""
    missing(".js")


@breaks({WORKS: "first page: (stylesheet .*/static/cloudsuite.css answered 404|the console says: Refused to apply style)"})
def the_style_is_missing() -> None:
    """F45"""
    missing(".css")


@breaks({WORKS: "no style sheet has a rule"}, also={VERSION})
def the_style_is_empty() -> None:
    """F45"""
    altered("cloudsuite.css", lambda _: "")


@breaks({WORKS: "first page: the console says: .*Content Security Policy"}, also={GUARDS})
def the_policy_blocks_the_products_own_style() -> None:
    """F49"""
    web.CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'"


@breaks({WORKS: "dashboard: a script broke: .*undone is not defined"}, also={VERSION})
def a_script_breaks() -> None:
    altered("watch.js", lambda script: script + "\nundone();\n")


@breaks({WORKS: "image http://.* is asked for without TLS|Mixed Content"})
def a_picture_is_loaded_without_tls() -> None:
    redrawn("</main>", '<img src="http://127.0.0.1:9/picture.png" alt=""></main>')


@breaks({WORKS: "script https://.*did not load"})
def a_third_partys_script_is_not_there() -> None:
    """F47"""
    redrawn("</head>", '<script src="https://elsewhere.example/tag.js"></script></head>')


@breaks({IN_TIME: r"the first byte of the sign-up page took \d\.\d+ s \(response limit"})
def a_page_is_late() -> None:
    """F41"""

    @instead_of(access, "render")
    def slowly(original, template, **values):
        if template == "signup.html":
            time.sleep(3.5)
        return original(template, **values)


@breaks({IN_TIME: r"the largest paint of the first page took \d\.\d+ s \(page limit"})
def a_style_holds_the_page_up() -> None:
    """F47: whatever stands in the head and is late, holds all of the page up."""

    @instead_of(StaticFiles, "lookup_path")
    def slowly(original, files, path):
        if path.endswith(".css"):
            time.sleep(6)
        return original(files, path)


# -- buttons -----------------------------------------------------------------------------------------------------------


def styled(rule: str) -> None:
    altered("cloudsuite.css", lambda style: f"{style}\n{rule}\n")


@breaks({BUTTON: "the button 'Sign up' cannot be pressed: it is covered by <form"}, also={VERSION})
def a_button_is_covered() -> None:
    """F46"""
    styled('main form { position: relative } main form::before { content: ""; position: absolute; inset: 0; z-index: 9 }')


@breaks({BUTTON: "the button 'Sign up' cannot be pressed: it is hidden"}, also={VERSION, FORGED})
def a_button_is_hidden() -> None:
    """F46"""
    styled("main button { visibility: hidden }")


@breaks({BUTTON: "the button 'Sign up' cannot be pressed: it is transparent"}, also={VERSION})
def a_button_cannot_be_seen() -> None:
    """F46"""
    styled("main .card { opacity: 0.01 }")


@breaks({BUTTON: "the button 'Create project' cannot be pressed: it is disabled"}, also={FORGED})
def a_button_is_disabled() -> None:
    """F46"""
    redrawn('class="primary">Create project', 'class="primary" disabled>Create project')


@breaks({BUTTON: "did not show a page that answers 'Sign up', pressed by the Enter key"}, also={FORGED})
def a_button_does_nothing() -> None:
    """F46"""
    redrawn('<button type="submit" class="primary">Sign up', '<button type="button" class="primary">Sign up')


@breaks({BUTTON: "presses of the Tab key do not lead to a button 'Create project'"})
def a_button_takes_no_keyboard() -> None:
    redrawn('class="primary">Create project', 'class="primary" tabindex="-1">Create project')


# -- releases ----------------------------------------------------------------------------------------------------------


@breaks({VERSION: "the file watch.js is of [0-9a-f]{12}, not [0-9a-f]{12}"}, quick=True)
def a_script_is_of_the_last_release() -> None:
    """F48"""
    altered("watch.js", lambda script: script.replace("700", "900"))


@breaks({VERSION: "the page /signup is of Cloud Suite 0.9.0 .*, not Cloud Suite 1.0.0"})
def pages_are_of_the_last_release() -> None:
    """F48"""
    redrawn("Cloud Suite 1.0.0 (", "Cloud Suite 0.9.0 (")


@breaks({VERSION: "the link to cloudsuite.css on the page / is of 0{12}, not "})
def pages_link_to_the_last_release() -> None:
    """F48"""
    redrawn(release.ASSETS["cloudsuite.css"], "0" * 12)


# -- the certificate ---------------------------------------------------------------------------------------------------


@breaks(
    {CERTIFICATE: r"the certificate of 127.0.0.1 is good for (19|20)\.\d more days, and should be for 30: renew it"}, start={"CERTIFIED": timedelta(days=20)}
)
def the_certificate_runs_out_soon() -> None:
    """F51"""


# -- guards ------------------------------------------------------------------------------------------------------------


def headed(**changed: str | None) -> None:
    """Send headers with something changed in them; underscores stand for hyphens."""

    @instead_of(web, "security_headers")
    def other(original, *, secure):
        headers = original(secure=secure) | {name.replace("_", "-"): value for name, value in changed.items()}
        return {name: value for name, value in headers.items() if value is not None}


@breaks({GUARDS: "/signup does not see to it that no script from elsewhere is run"})
def the_policy_is_loose() -> None:
    """F49"""
    web.CONTENT_SECURITY_POLICY = "default-src 'self' https: 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"


@breaks({GUARDS: "/login does not see to it that no other site puts the page into a frame"})
def pages_can_be_framed() -> None:
    web.CONTENT_SECURITY_POLICY = "default-src 'self'"
    headed(X_Frame_Options=None)


@breaks({GUARDS: "no file is taken for something that it is not.*the browser comes back by TLS alone"})
def headers_are_lost() -> None:
    headed(X_Content_Type_Options=None, Strict_Transport_Security="max-age=0")


@breaks({GUARDS: "no other site learns the address of a page"})
def addresses_are_told() -> None:
    headed(Referrer_Policy="unsafe-url")


@breaks({GUARDS: "/api/v1/catalogue does not see to it that no other site reads an answer"})
def other_sites_read_answers() -> None:
    """F49"""
    headed(Access_Control_Allow_Origin="https://elsewhere.example", Access_Control_Allow_Credentials="true")


# -- cookies and forms -------------------------------------------------------------------------------------------------


def kept_with(**flags: object) -> None:
    @instead_of(access.Visit, "set_cookie")
    def lax(original, visit, response, name, value, max_age=None):
        chosen = {"httponly": True, "secure": True, "samesite": "lax"} | flags
        response.set_cookie(name, value, max_age=max_age, path="/", **chosen)


@breaks({COOKIE: "scripts can read the cookie cs_session: it lacks HttpOnly"})
def scripts_can_read_the_cookie() -> None:
    """F08"""
    kept_with(httponly=False)


@breaks({COOKIE: "the cookie cs_session is sent without TLS: it lacks Secure"})
def the_cookie_goes_without_tls() -> None:
    """F08"""
    kept_with(secure=False)


@breaks({COOKIE: "other sites' forms carry the cookie cs_session: its SameSite is 'None'"})
def other_sites_forms_carry_the_cookie() -> None:
    """F08"""
    kept_with(samesite="none")


@breaks({FORGED: "a forged sign-up form must be refused as 'a forged form', but was accepted"})
def forged_forms_are_taken() -> None:
    """F09"""

    @instead_of(access.Visit, "require_csrf")
    def nothing(original, visit):
        return None


@breaks({FORGED: "a forged form for a project must be refused as 'a forged form', but was accepted"})
def forged_forms_are_taken_after_logging_in() -> None:
    """F09"""

    @instead_of(access.Visit, "require_csrf")
    def nothing(original, visit):
        if not visit.token:
            original(visit)


@breaks({FORGED: "a forged form was refused, and made a project all the same"})
def forged_forms_are_refused_too_late() -> None:
    """F09"""
    forged: set[int] = set()

    @instead_of(access.Visit, "require_csrf")
    def remembered(original, visit):
        try:
            original(visit)
        except refusals.Refusal:
            if not visit.token:
                raise
            forged.add(id(visit))

    @instead_of(access.Visit, "go")
    def late(original, visit, *given, **query):
        if id(visit) in forged:
            raise refusals.csrf_failed()
        return original(visit, *given, **query)


@breaks({FORGED: "unexpectedly refused: a forged form", BUTTON: "unexpectedly refused: a forged form"})
def own_forms_are_refused() -> None:
    """F10"""

    @instead_of(access.Visit, "require_csrf")
    def always(original, visit):
        raise refusals.csrf_failed()


# -- what the product says of itself -----------------------------------------------------------------------------------


@breaks({CLOCK: r"by the runner's clock, the date of a new token is (59\d|60\d) s ahead"})
def the_clock_is_ahead() -> None:
    """F52"""

    @instead_of(clock, "now")
    def ahead(original):
        return original() + 600


@breaks({CLOCK: r"the Date of an answer is (59\d|60\d) s behind"})
def the_date_of_answers_is_behind() -> None:
    """F52"""

    @instead_of(uvicorn.server, "formatdate")
    def behind(original, timeval, **options):
        return original(timeval - 600, **options)


@breaks({STATUS: "and these say that all is not well: /api/v1/status, /api/v1/status, mail"})
def the_status_complains_of_what_works() -> None:
    @instead_of(health, "status")
    def worried(original, tx):
        told = original(tx)
        return {"status": "degraded", "components": told["components"] | {"mail": "degraded"}}


# -- some of many ------------------------------------------------------------------------------------------------------


def sometimes(share: int, act: Callable[[], object]) -> None:
    """Do something instead, in one of `share` reads of the catalogue."""
    turn = itertools.count(1)

    @instead_of(catalogue, "describe")
    def moody(original):
        return act() if next(turn) % share == 0 else original()


def fail() -> object:
    raise RuntimeError("one backend is ill")


def turn_away() -> object:
    raise refusals.rate_limited(30)


@breaks({MANY: r"\d of 40 reads went wrong: .*/api/v1/catalogue: GET .* answered 500"})
def some_reads_fail() -> None:
    """F40"""
    sometimes(4, fail)


@breaks({MANY: "reads went wrong: /api/v1/catalogue: refused: rate limited, code rate_limited, status 429"})
def some_reads_are_turned_away() -> None:
    """F54"""
    sometimes(4, turn_away)


@breaks({MANY: 'reads went wrong: /api/v1/catalogue: read: GET .* answered 200, which is neither success nor a known refusal: \'{"error"'})
def some_reads_bring_an_error_as_success() -> None:
    """F42"""
    sometimes(4, lambda: {"error": "upstream timed out"})


@breaks({QUICK: r"the 95th percentile of 40 reads \(/api/v1/catalogue\) took 1\.\d+ s \(response limit 1 s\)"})
def some_reads_are_slow() -> None:
    """F41"""
    sometimes(1, lambda: time.sleep(1.5) or {"templates": [], "tiers": [], "regions": []})


@breaks({QUICK: r"the slowest of 40 reads \(/api/v1/catalogue\) took 3\.\d+ s \(response limit 3 s\)"})
def a_few_reads_are_endless() -> None:
    """F41"""
    sometimes(5, lambda: time.sleep(3.5) or {"templates": [], "tiers": [], "regions": []})


# -- pages of one's own ------------------------------------------------------------------------------------------------

OWN, ASTRAY = "face.private-pages", "face.wrong-address"


@breaks({OWN: "/w/{place} does not see to it that no cache keeps the page"})
def caches_may_keep_pages() -> None:
    @instead_of(access.Visit, "page")
    def kept(original, visit, *given, **values):
        page = original(visit, *given, **values)
        del page.headers["Cache-Control"]
        return page


@breaks({OWN: "/w/{place}/billing does not see to it that no other site puts the page into a frame"})
def own_pages_can_be_framed() -> None:
    @instead_of(web.SecurityHeaders, "__call__")
    def lax(original, guard, scope, receive, send):
        return (guard.app if scope.get("path", "").startswith("/w/") else functools.partial(original, guard))(scope, receive, send)


@breaks({GUARDS: "/nowhere does not see to it that no other site puts the page into a frame"})
def errors_are_not_guarded() -> None:
    @instead_of(web.MutableHeaders, "update")
    def forgetful(original, headers, other):
        if headers.get("X-Missing") is None:
            original(headers, other)

    @instead_of(web, "_unrouted")
    def marked(original, request, error):
        answer = original(request, error)
        answer.headers["X-Missing"] = "yes"
        return answer


@breaks({ASTRAY: "/nowhere is not there, and was answered 500"})
def a_wrong_address_breaks_the_product() -> None:
    @instead_of(web, "_unrouted")
    def broken(original, request, error):
        return web.Response("nobody thought of this", 500)


@breaks({ASTRAY: "/nowhere is not there, and was answered 200"})
def a_wrong_address_is_answered_with_success() -> None:
    @instead_of(web, "_unrouted")
    def soft(original, request, error):
        answer = original(request, error)
        answer.status_code = 200
        return answer


@breaks({ASTRAY: "/api/v1/nowhere is not there, and was answered 404: 'Not Found'"})
def programs_are_not_told_why() -> None:
    @instead_of(web, "_unrouted")
    def plain(original, request, error):
        return web.Response("Not Found", 404) if request.url.path.startswith("/api/") else original(request, error)


@breaks({STATUS: "and these say that all is not well: /metrics"})
def there_are_no_figures() -> None:
    @instead_of(status_api, "generate_latest")
    def none(original):
        return b""
