"""Accounts: what signing up, mailed links, passwords and sessions promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from products.cloudsuite.app import clock
from products.cloudsuite.app.settings import Settings
from tests.products.cloudsuite.app.people import OPERATOR, PASSWORD, Browser, Suite

RESET = "/api/v1/password-resets"


def test_an_address_signs_up_once_however_it_is_written(suite: Suite) -> None:
    """A taken address is refused in any case and with space around it; a plus-tag makes another address."""
    suite.sign_up("jo@example.com")

    again = suite.client.post("/api/v1/accounts", json={"name": "Jo", "email": "  JO@Example.com ", "password": PASSWORD})
    assert (again.status_code, again.json()["code"], again.json()["field"]) == (409, "email_taken", "email")
    suite.sign_up("jo+tag@example.com")


def test_a_sign_up_sent_twice_with_one_key_makes_one_account(suite: Suite) -> None:
    """The second answer is the first; other contents under the same key are refused."""
    body = {"name": "Jo", "email": "jo@example.com", "password": PASSWORD}
    headers = {"Idempotency-Key": "k1"}
    first, second = (suite.client.post("/api/v1/accounts", json=body, headers=headers) for _ in range(2))
    other = suite.client.post("/api/v1/accounts", json=body | {"name": "Mo"}, headers=headers)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert suite.letters("jo@example.com") == ["verification"]
    assert other.json()["code"] == "idempotency_mismatch"


@pytest.mark.parametrize("password", ["ninechars", "aaaaaaaaaaaa", "jo.jo.jo@example.com"])
def test_a_weak_password_is_refused_at_its_field(suite: Suite, password: str) -> None:
    """Short, monotonous, or the address itself."""
    body = {"name": "Jo", "email": "jo.jo.jo@example.com", "password": password}
    answer = suite.client.post("/api/v1/accounts", json=body)

    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "weak_password", "password")


def test_an_unconfirmed_account_cannot_sign_in(suite: Suite) -> None:
    """Only who knows the password learns that the address is unconfirmed."""
    email = suite.sign_up()
    right = suite.client.post("/api/v1/sessions", json={"email": email, "password": PASSWORD})
    wrong = suite.client.post("/api/v1/sessions", json={"email": email, "password": "something else"})

    assert (right.status_code, right.json()["code"]) == (403, "email_unverified")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")


def test_confirming_makes_the_first_workspace_once(suite: Suite) -> None:
    """The second use of the link says so and makes nothing."""
    email = suite.sign_up()
    link = {"token": suite.mail_token(email, "verification")}
    first, second = (suite.client.post("/api/v1/accounts/verify", json=link) for _ in range(2))
    found = suite.client.get("/operator/accounts", params={"email": email}, headers=OPERATOR).json()

    assert (first.json()["verified"], "already_verified" in first.json()) == (True, False)
    assert (second.status_code, second.json()["already_verified"]) == (200, True)
    assert [(one["plan"], one["role"]) for one in found["workspaces"]] == [("free", "owner")]


def test_a_newer_link_replaces_the_older(suite: Suite) -> None:
    """The older is refused as superseded; the newer works."""
    email = suite.sign_up()
    older = suite.mail_token(email, "verification")
    suite.client.post("/api/v1/accounts/verification", json={"email": email})
    newer = suite.mail_token(email, "verification")
    refused = suite.client.post("/api/v1/accounts/verify", json={"token": older})

    assert (refused.status_code, refused.json()["code"]) == (410, "link_superseded")
    assert suite.client.post("/api/v1/accounts/verify", json={"token": newer}).status_code == 200


def test_links_expire_and_made_up_ones_are_unknown(suite: Suite) -> None:
    """Each has its own code."""
    email = suite.sign_up()
    expired = suite.client.post("/operator/links/expire", json={"email": email}, headers=OPERATOR)
    late = suite.client.post("/api/v1/accounts/verify", json={"token": suite.mail_token(email, "verification")})
    made_up = suite.client.post("/api/v1/accounts/verify", json={"token": "cs_l_nothing"})

    assert expired.json() == {"links": 1, "invitations": 0}
    assert (late.status_code, late.json()["code"]) == (410, "link_expired")
    assert (made_up.status_code, made_up.json()["code"]) == (410, "link_unknown")


def test_strangers_do_not_learn_who_has_an_account(suite: Suite) -> None:
    """Sign-in, reset and resend answer alike for known and unknown addresses."""
    known, unknown = suite.person().email, "nobody@example.com"
    for path, more in (("sessions", {"password": "wrong password"}), ("password-resets", {}), ("accounts/verification", {})):
        answers = [suite.client.post(f"/api/v1/{path}", json={"email": email} | more) for email in (known, unknown)]
        first, second = ({**(answer.json() or {}), "request_id": ""} for answer in answers)

        assert answers[0].status_code == answers[1].status_code
        assert first == second
    assert suite.letters(unknown) == []


def test_a_reset_ends_every_session_and_token_and_works_once(suite: Suite) -> None:
    """After it only the new password opens the account."""
    person = suite.person()
    api_token = person.call("POST", "/tokens", {"name": "ci"}).json()["token"]
    suite.client.post(RESET, json={"email": person.email})
    link = suite.mail_token(person.email, "reset")
    weak = suite.client.post(f"{RESET}/complete", json={"token": link, "password": "short"})
    done = suite.client.post(f"{RESET}/complete", json={"token": link, "password": "another good one"})
    again = suite.client.post(f"{RESET}/complete", json={"token": link, "password": "a third good one"})

    assert (weak.json()["code"], done.status_code, again.json()["code"]) == ("weak_password", 204, "link_used")
    assert person.call("GET", "/me").json()["code"] == "unauthenticated"
    assert person.call("GET", "/me", token=api_token).status_code == 401
    assert (person.sign_in().status_code, person.sign_in("another good one").status_code) == (401, 201)


def test_signing_out_ends_this_session_and_everywhere_ends_all(suite: Suite) -> None:
    """One session outlives another's end; none outlives the end of all, and no API token does."""
    person = suite.person()
    other = person.sign_in().json()["token"]
    api_token = person.call("POST", "/tokens", {"name": "ci"}).json()["token"]
    person.call("DELETE", "/sessions/current")

    assert person.call("GET", "/me").status_code == 401
    assert person.call("GET", "/me", token=other).status_code == 200
    assert person.call("DELETE", "/sessions", token=other).status_code == 204
    assert person.call("GET", "/me", token=other).status_code == 401
    assert person.call("GET", "/me", token=api_token).status_code == 401


def test_a_token_is_revoked_by_its_owner_only(suite: Suite) -> None:
    """To anybody else it does not exist."""
    person, stranger = suite.person(), suite.person()
    made = person.call("POST", "/tokens", {"name": "ci"}).json()

    assert stranger.call("DELETE", f"/tokens/{made['id']}").status_code == 404
    assert person.call("GET", "/me", token=made["token"]).status_code == 200
    assert person.call("DELETE", f"/tokens/{made['id']}").status_code == 204
    assert person.call("GET", "/me", token=made["token"]).status_code == 401


def test_an_address_changes_once_the_new_one_is_confirmed(suite: Suite) -> None:
    """The password is asked for, the old address is told, and an old reset link dies with the change."""
    person = suite.person()
    body = {"email": "new@example.com", "password": PASSWORD}
    suite.client.post(RESET, json={"email": person.email})

    assert person.call("POST", "/me/email", body | {"password": "wrong"}).json()["code"] == "invalid_credentials"
    assert person.call("POST", "/me/email", body).status_code == 202
    assert suite.letters(person.email)[-1] == "email_notice"
    assert person.call("GET", "/me").json()["email"] == person.email
    link = {"token": suite.mail_token("new@example.com", "email")}
    assert suite.client.post("/api/v1/me/email/confirm", json=link).json()["email"] == "new@example.com"
    assert suite.client.post("/api/v1/me/email/confirm", json=link).json()["code"] == "link_used"
    stale = {"token": suite.mail_token(person.email, "reset"), "password": "another good one"}
    assert suite.client.post(f"{RESET}/complete", json=stale).json()["code"] == "link_superseded"


def test_an_address_that_was_taken_meanwhile_is_not_taken_twice(suite: Suite) -> None:
    """The link to confirm it comes too late."""
    person = suite.person()
    person.call("POST", "/me/email", {"email": "new@example.com", "password": PASSWORD})
    link = {"token": suite.mail_token("new@example.com", "email")}
    suite.sign_up("new@example.com")

    assert suite.client.post("/api/v1/me/email/confirm", json=link).json()["code"] == "email_taken"
    assert person.call("GET", "/me").json()["email"] == person.email


def test_a_changed_password_makes_older_reset_links_worthless(suite: Suite) -> None:
    """And it takes the old password, and ends every session."""
    person = suite.person()
    suite.client.post(RESET, json={"email": person.email})
    link = {"token": suite.mail_token(person.email, "reset"), "password": "a third good one"}
    body = {"password": PASSWORD, "new_password": "another good one"}

    assert person.call("PUT", "/me/password", body | {"password": "wrong"}).json()["code"] == "invalid_credentials"
    assert person.call("PUT", "/me/password", body | {"new_password": "weak"}).json()["field"] == "new_password"
    assert person.call("PUT", "/me/password", body).status_code == 204
    assert person.call("GET", "/me").status_code == 401
    assert suite.client.post(f"{RESET}/complete", json=link).json()["code"] == "link_superseded"


def test_guessing_a_password_is_stopped_for_that_address(suite: Suite) -> None:
    """After ten failures even the right password waits, and is told how long."""
    person = suite.person()
    for _ in range(10):
        assert person.sign_in("wrong password").status_code == 401
    refused = person.sign_in()

    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 0 < int(refused.headers["Retry-After"]) == refused.json()["retry_after"] <= 60
    assert suite.person().sign_in().status_code == 201


def test_one_client_signs_up_so_often_a_minute(tmp_path: Path) -> None:
    """The next sign-up within the minute is refused, and told how long to wait."""
    suite = Suite(Settings(data=tmp_path, password_cost=16, rate_signups_per_minute=2))
    suite.sign_up()
    suite.sign_up()
    refused = suite.client.post("/api/v1/accounts", json={"name": "Jo", "email": "jo@example.com", "password": PASSWORD})

    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_a_session_ends_by_itself(suite: Suite) -> None:
    """Once its time is over it opens nothing; an API token has no end."""
    person = suite.person()
    api_token = person.call("POST", "/tokens", {"name": "ci"}).json()["token"]
    with suite.database.transaction() as tx:
        tx.execute("UPDATE sessions SET expires_at = ?", (clock.now(),))

    assert person.call("GET", "/me").status_code == 401
    assert person.call("GET", "/me", token=api_token).status_code == 200


def test_over_tls_cookies_are_secure_and_browsers_told_to_stay(tmp_path: Path) -> None:
    """Neither without it."""
    for url, secure in (("https://cloud.example", True), ("http://cloud.example", False)):
        answer = Suite(Settings(data=tmp_path, public_url=url)).client.get("/login")

        assert ("Secure" in answer.headers["set-cookie"]) is secure
        assert ("Strict-Transport-Security" in answer.headers) is secure


def test_deleting_an_account_erases_what_is_its_alone(suite: Suite) -> None:
    """The address is free again; a shared workspace that nobody else owns stops the deletion."""
    person, other = suite.person(), suite.person()
    person.admit(other)

    assert person.call("DELETE", "/me", {"password": PASSWORD}).json()["code"] == "last_owner"
    assert person.call("DELETE", f"/workspaces/{person.workspace}/members/{other.id}").status_code == 204
    assert person.call("DELETE", "/me", {"password": "wrong"}).json()["code"] == "invalid_credentials"
    assert person.call("DELETE", "/me", {"password": PASSWORD}).status_code == 204
    assert person.call("GET", "/me").status_code == 401
    suite.sign_up(person.email)


def test_the_operator_erases_an_account_and_all_that_hangs_on_it(suite: Suite) -> None:
    """Nothing of it is left, not even a workspace that others were in."""
    person, other = suite.person(), suite.person()
    workspace = person.workspace
    person.admit(other)
    path = f"/operator/accounts/{person.id}"

    assert suite.client.delete(path).status_code == 401
    assert suite.client.delete(path, headers=OPERATOR).status_code == 204
    assert suite.client.get("/operator/accounts", params={"email": person.email}, headers=OPERATOR).status_code == 404
    assert other.call("GET", f"/workspaces/{workspace}").status_code == 404
    assert suite.letters(person.email) == []


def test_without_an_operator_token_nobody_is_the_operator(tmp_path: Path) -> None:
    """An empty token least of all."""
    suite = Suite(Settings(data=tmp_path))
    for headers in ({}, {"Authorization": "Bearer "}, OPERATOR):
        assert suite.client.get("/operator/accounts?email=jo@example.com", headers=headers).status_code == 401


def test_a_form_without_the_token_of_its_browser_is_refused(suite: Suite, visitor: Browser) -> None:
    """No token, or one from another browser: nothing happens."""
    fields = {"name": "Jo", "email": "jo@example.com", "password": PASSWORD}
    visitor.open("/signup")
    bare = visitor.client.post("/signup", data=fields)
    foreign = Browser(suite).submit("/signup", "/signup", csrf_token="0" * 64, **fields)

    for answer in (bare, foreign):
        assert answer.status_code == 403
        assert 'data-code="csrf_failed"' in answer.text
    assert suite.letters("jo@example.com") == []


def test_a_form_of_an_earlier_session_is_refused(suite: Suite, visitor: Browser) -> None:
    """The token is bound to the session it was made in."""
    person = suite.person()
    visitor.client.cookies.set("cs_session", person.token)
    stale = visitor.open("/settings").text.split('name="csrf_token" value="')[1].split('"')[0]
    visitor.client.cookies.set("cs_session", person.sign_in().json()["token"])
    answer = visitor.client.post("/settings/name", data={"csrf_token": stale, "name": "Mallory"})

    assert (answer.status_code, person.call("GET", "/me").json()["name"]) == (403, "A Person")


def test_a_sign_up_form_sent_twice_makes_one_account_and_ends_well(suite: Suite, visitor: Browser) -> None:
    """A double click leads to the same page as a single one."""
    text = visitor.open("/signup").text
    fields = {"name": "Jo", "email": "jo@example.com", "password": PASSWORD}
    fields |= {name: text.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf_token", "form_id")}
    answers = [visitor.client.post("/signup", data=fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"] == "/signup/sent?email=jo%40example.com"
    assert suite.letters("jo@example.com") == ["verification"]


def test_fetching_a_mailed_link_consumes_nothing(suite: Suite, visitor: Browser) -> None:
    """Scanners of mail fetch links: only the button confirms."""
    email = suite.sign_up()
    page = f"/verify?token={suite.mail_token(email, 'verification')}"
    for _ in range(2):
        assert "Confirm address" in visitor.open(page).text
    done = visitor.submit(page, "/verify", token=page.partition("=")[2])

    assert done.headers["location"] == "/login?notice=verified"


def test_signing_in_by_page_leads_back_only_within_the_site(suite: Suite, visitor: Browser) -> None:
    """Where to go next comes from the address, so it is not trusted; the cookie is out of reach of scripts."""
    person = suite.person()
    assert visitor.open("/settings").headers["location"] == "/login?next=%2Fsettings"
    fields = {"email": person.email, "password": PASSWORD}
    for asked, given in (("/settings", "/settings"), ("//evil.example", "/w"), ("/\\evil.example", "/w"), ("", "/w")):
        done = visitor.submit("/login", "/login", next=asked, **fields)

        assert done.headers["location"] == given
        assert "HttpOnly" in done.headers["set-cookie"]
    assert visitor.submit("/settings", "/logout").headers["location"] == "/login?notice=signed-out"
    assert visitor.open("/settings").status_code == 303


def test_a_refused_field_is_told_at_the_field(suite: Suite, visitor: Browser) -> None:
    """For people and for screen readers, with the machine's code."""
    answer = visitor.submit("/signup", "/signup", name="Jo", email="jo@example.com", password="short")

    assert answer.status_code == 422
    assert 'aria-invalid="true" aria-describedby="password-error"' in answer.text
    assert 'id="password-error" role="alert" data-code="weak_password"' in answer.text
