"""An untouched hub breaks one promise, and the suite says which: erasing a user whose server runs answers 500, and half of them is gone.

The hub is installed beside the checkout where it is not yet (`products.jupyterhub.installation`), and serves this module alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from fixtures.target import ROOT
from tests.tree import house
from verdicts.outcome import Outcome, Status, read

SCENARIO = "account.operator-erases"
TARGETS = """
[untouched]
product = "jupyterhub"
url = "{url}"
owner = "operators"
mailbox = "folder:{folder}/mail"
mail_domain = "people.example.com"
allow = ["read", "create", "destroy"]

[untouched.secrets]
operator_token = {{ env = "HUB_TOKEN" }}

[untouched.budgets]
provisioning = {{ expected = 30, limit = 90 }}
mail = {{ expected = 10, limit = 30 }}
agreement = {{ expected = 8, limit = 30 }}
"""
MENDED = """
from flows.contract.driver import Surface
from flows.contract.operator import Operator
from products.jupyterhub.api.driver import ApiDriver
from products.jupyterhub.operator import ServiceOperator
from products.jupyterhub.product import JupyterHub


class Careful(ServiceOperator):
    def erase_at_once(self, account_id: str) -> None:
        self.erase_account(account_id)


class Mended(ApiDriver):
    def operator(self) -> Operator:
        return Careful(self._wiring)


class Product(JupyterHub):
    drivers = {Surface.API: Mended}


PRODUCT = Product()
"""


@dataclass
class Hub:
    """A hub that runs, with its operator's token, and the folder of what belongs to it."""

    url: str
    token: str
    folder: Path

    def users(self) -> set[str]:
        """Return who has an account."""
        answer = httpx.get(f"{self.url}/hub/api/users", headers={"Authorization": f"token {self.token}"}, trust_env=False)
        return {each["name"] for each in answer.raise_for_status().json()}

    def run(self, target: str, here: Path) -> tuple[int, Outcome]:
        """Run the scenario by API, once, and return the exit code and what became of it."""
        own = {
            "PYTHONPATH": str(ROOT),
            "HUB_TOKEN": self.token,
            "SYNTHETICS_TARGETS": str(self.folder / "targets.toml"),
            "SYNTHETICS_ARTIFACTS": str(here / "artifacts"),
            "SYNTHETICS_HISTORY": str(here / "history.db"),
        }
        command = [sys.executable, "-m", "cli.main", "run", "--target", target, "--surface", "api", "--no-alerts", "--no-confirm", "--", "-k", SCENARIO]
        done = subprocess.run(command, cwd=ROOT, env=house() | own, capture_output=True, text=True, timeout=200, check=False)
        [file] = (here / "artifacts").glob("2*/outcomes.jsonl")
        [outcome] = read(file)
        assert outcome.scenario == SCENARIO, done.stdout
        return done.returncode, outcome


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve a hub that nobody has changed, and two targets that lead to it: as it is, and with an operator who stops servers first."""
    folder = tmp_path_factory.mktemp("hub")
    places = [f"--{name}={folder / file}" for name, file in (("mail", "mail"), ("operator-token-file", "token"), ("log", "hub.log"))]
    command = [sys.executable, "-m", "products.jupyterhub.serve", "--with-parent", "--port=0", *places]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said.startswith("ready "), f"the hub did not start: {said!r}"
            url = said.split()[1].rstrip("/")
            (folder / "mended").mkdir()
            (folder / "mended" / "product.py").write_text(MENDED)
            text = TARGETS.format(url=url, folder=folder)
            mended = text.replace("untouched", "mended").replace('"jupyterhub"', '"mended"')
            (folder / "targets.toml").write_text(text + mended)
            yield Hub(url, (folder / "token").read_text(), folder)
        finally:
            process.terminate()


@pytest.mark.hub
@pytest.mark.slow
def test_an_untouched_hub_erases_half_of_a_user_with_a_running_server(hub: Hub, tmp_path: Path) -> None:
    """The scenario fails, the product is to blame, the message says what is left, and cleaning up goes round it."""
    before = hub.users()

    code, outcome = hub.run("untouched", tmp_path)

    assert (code, outcome.status, outcome.blame) == (1, Status.FAILED, "product")
    assert outcome.error == (
        "the operator's erasure of a customer with a running project answered 500; "
        "the account is still there, logging in is refused, the project is still there"
    )
    assert outcome.left_behind == ()
    assert hub.users() == before


@pytest.mark.hub
@pytest.mark.slow
def test_an_operator_who_stops_servers_first_keeps_the_promise(hub: Hub, tmp_path: Path) -> None:
    """It is that one act which is red, and nothing else of the scenario."""
    code, outcome = hub.run("mended", tmp_path)

    assert (code, outcome.status, outcome.error) == (0, Status.PASSED, None)
    assert outcome.left_behind == ()
