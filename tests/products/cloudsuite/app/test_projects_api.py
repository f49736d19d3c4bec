"""The projects API over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from products.cloudsuite.app.transitions import Action
from products.cloudsuite.app.web import create_app
from tests.products.cloudsuite.app.house import House

ASKED = {"name": "Apollo", "template": "website", "tier": "standard", "region": "us-east"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    headers = {"Authorization": f"Bearer {house.tokens[house.owner.id]}"}
    with TestClient(create_app(house.settings), base_url=house.settings.public_url, headers=headers) as client:
        yield client


def test_an_idempotency_key_makes_one_project(house: House, client: TestClient) -> None:
    """The same request under the same key is answered alike; another one under that key is refused."""
    path, key = f"/api/v1/workspaces/{house.workspace}/projects", {"Idempotency-Key": "k1"}
    first, second = (client.post(path, json=ASKED, headers=key) for _ in range(2))
    other = client.post(path, json=ASKED | {"name": "Gemini"}, headers=key)

    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    assert len(client.get(path).json()["items"]) == 1
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


def test_a_project_shows_what_was_asked_for(house: House, client: TestClient) -> None:
    """A new project is private, its creator's, and of the template, tier and region asked for."""
    made = client.post(f"/api/v1/workspaces/{house.workspace}/projects", json=ASKED).json()

    assert {name: made[name] for name in ASKED} == ASKED
    assert (made["state"], made["visibility"], made["version"], made["late"]) == ("requested", "private", 1, False)
    assert made["owner"] == {"id": house.owner.id, "email": house.owner.email}
    assert [entry["state"] for entry in made["history"]] == ["requested"]
    assert client.get(f"/api/v1/projects/{made['id']}").json() == made


def test_a_deleted_project_is_listed_only_among_the_deleted(house: House, client: TestClient) -> None:
    """Deletion is accepted, hides the project everywhere, and lists it for restoring."""
    project = house.active()
    path = f"/api/v1/workspaces/{house.workspace}/projects"

    assert client.delete(f"/api/v1/projects/{project.id}").status_code == 202
    assert client.get(f"/api/v1/projects/{project.id}").json()["code"] == "not_found"
    assert client.get(path).json()["items"] == []
    assert [item["id"] for item in client.get(path, params={"deleted": True}).json()["items"]] == [project.id]
    assert client.post(f"/api/v1/projects/{project.id}/restore").json()["state"] == "active"


def test_the_operator_suspends_and_resumes(house: House, client: TestClient) -> None:
    """Suspension is the operator's, says why, and can be taken back."""
    project, operator = house.active(), {"Authorization": "Bearer operator"}
    suspended = client.post(f"/operator/projects/{project.id}/suspend", json={"reason": "Abuse"}, headers=operator).json()
    refused = client.post(f"/api/v1/projects/{project.id}/archive")
    resumed = client.post(f"/operator/projects/{project.id}/resume", json={}, headers=operator).json()

    assert (suspended["state"], suspended["reason"]) == ("suspended", "Abuse")
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
    assert (resumed["state"], resumed["reason"]) == ("active", None)


def test_the_operator_sees_a_project_in_any_state(house: House, client: TestClient) -> None:
    """Deleted or not, but not one that never was; nobody else may look there."""
    project, operator = house.active(), {"Authorization": "Bearer operator"}
    path = f"/operator/projects/{project.id}"
    client.delete(f"/api/v1/projects/{project.id}")

    assert client.get(path, headers=operator).json()["state"] == "deleted"
    assert client.get("/operator/projects/prj_none", headers=operator).json()["code"] == "not_found"
    assert client.get(path).status_code == 401


@pytest.mark.parametrize("field", ["template", "tier", "region"])
def test_what_the_catalogue_lacks_is_refused_at_its_field(house: House, client: TestClient, field: str) -> None:
    """A project of something that is not offered is refused, and nothing is made."""
    path = f"/api/v1/workspaces/{house.workspace}/projects"
    refused = client.post(path, json=ASKED | {field: "gold"}).json()

    assert (refused["code"], refused["field"]) == ("invalid_input", field)
    assert client.get(path).json()["items"] == []


def test_metrics_tell_each_provisioning_once(house: House, client: TestClient) -> None:
    """What the worker finished is counted by state, once, however often the metrics are read."""

    def finished() -> float:
        lines = client.get("/metrics").text.splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("provisioning_total{"))

    before = finished()
    house.active("One")
    house.active("Two", region="zz-fail")

    assert finished() == finished() == before + 2


def test_synthetic_customers_bring_no_revenue(house: House, client: TestClient) -> None:
    """The charges of a synthetic owner's workspace are left out of the revenue."""

    def revenue() -> float:
        lines = client.get("/metrics").text.splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith("revenue_cents "))

    house.active(tier="standard")
    assert revenue() == 900
    with house.database.transaction() as tx:
        tx.execute("UPDATE accounts SET synthetic = 1")

    assert revenue() == 0


@pytest.mark.parametrize("page", ["", "/projects/new", "/usage", "/billing"])
def test_the_pages_of_a_workspace_open_for_members_only(house: House, client: TestClient, page: str) -> None:
    """The owner gets the page, a stranger is told that there is none."""
    statuses = []
    for actor in (house.owner, house.person("Stranger")):
        cookie = {"Cookie": f"cs_session={house.tokens[actor.id]}"}
        statuses.append(client.get(f"/w/{house.workspace}{page}", headers=cookie).status_code)

    assert statuses == [200, 404]


def test_a_form_sent_twice_makes_one_project(house: House, client: TestClient) -> None:
    """A double-submitted form leads both times to the one project that it made."""
    client.cookies.set("cs_session", house.tokens[house.owner.id])
    path = f"/w/{house.workspace}/projects/new"
    hidden = dict(re.findall(r'name="(csrf_token|form_id)" value="([^"]+)"', client.get(path).text))
    answers = [client.post(path, data=ASKED | hidden, follow_redirects=False) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]


def test_a_full_plan_is_told_on_the_page(house: House, client: TestClient) -> None:
    """The page of a refused project carries the code, the limit and the usage."""
    house.limits(projects=0)
    client.cookies.set("cs_session", house.tokens[house.owner.id])
    path = f"/w/{house.workspace}/projects/new"
    hidden = dict(re.findall(r'name="(csrf_token|form_id)" value="([^"]+)"', client.get(path).text))
    refused = client.post(path, data=ASKED | hidden)

    assert refused.status_code == 403
    assert 'data-code="quota_exceeded" data-dimension="projects" data-limit="0" data-usage="0"' in refused.text


def test_why_a_project_cannot_be_restored_is_told_on_the_dashboard(house: House, client: TestClient) -> None:
    """The button stood on the dashboard; the page of a deleted project would only say that there is none."""
    project = house.act(house.active(), Action.DELETE)
    house.limits(projects=0)
    client.cookies.set("cs_session", house.tokens[house.owner.id])
    hidden = dict(re.findall(r'name="(csrf_token|form_id)" value="([^"]+)"', client.get(f"/w/{house.workspace}").text))
    refused = client.post(f"/p/{project.id}/restore", data=hidden)

    assert refused.status_code == 403
    assert 'data-code="quota_exceeded"' in refused.text
    assert project.name in refused.text
