"""What every product's folder keeps to, found by name: one that is added is held to it without a line here."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import get_type_hints

import pytest

import flows.contract
from fixtures import markers
from fixtures.target import ROOT
from flows.contract import accounts, billing, documents, face, lifecycle, operator, people, projects, quotas
from flows.contract.driver import Driver, Surface, fulfils
from flows.contract.lifecycle import Action
from flows.contract.people import Role
from flows.refusal import Reason

FOLDERS = sorted(file.parent for file in (ROOT / "products").glob("*/product.py"))
NAMES = [folder.name for folder in FOLDERS]
TENANTS = {"app", "hub"}
"""Folders of products themselves, which are not the suite's."""

IMPLIED = {
    accounts.Verification: accounts.SignUp,
    accounts.VerificationAgain: accounts.Verification,
    accounts.FieldErrors: accounts.SignUp,
    accounts.SafeResubmission: accounts.SignUp,
    accounts.DiscreetSignUp: accounts.SignUp,
    accounts.LocalLogOut: accounts.Sessions,
    accounts.PasswordReset: accounts.Sessions,
    accounts.SignOutEverywhere: accounts.Sessions,
    accounts.ApiTokens: accounts.Sessions,
    accounts.RevocableTokens: accounts.ApiTokens,
    accounts.PasswordChange: accounts.Sessions,
    accounts.AddressChange: accounts.Sessions,
    accounts.NameChange: accounts.Sessions,
    accounts.SelfErasure: accounts.Sessions,
    accounts.GuessLimit: accounts.Sessions,
    accounts.InvitedSignUp: people.Invitations,
    accounts.SignUp: operator.Erasure,
    projects.UniqueNames: projects.Projects,
    projects.FreeNames: projects.Projects,
    projects.Catalogue: projects.Projects,
    projects.IdempotencyKeys: projects.Projects,
    projects.Failing: projects.Projects,
    quotas.Quotas: projects.Projects,
    quotas.QuotaCodes: quotas.Quotas,
    quotas.KeptPlaces: quotas.Quotas,
    quotas.SeatQuota: quotas.Quotas,
    quotas.StorageQuota: quotas.Quotas,
    quotas.DocumentedBeginning: quotas.Quotas,
    people.Invitations: people.People,
    people.Founding: people.Workspaces,
    people.Ownership: people.People,
    people.RoleRules: people.People,
    people.Sharing: projects.Projects,
    documents.Documents: projects.Projects,
    documents.VersionedDocuments: documents.Documents,
    documents.DocumentList: documents.Documents,
    documents.DocumentDeletion: documents.Documents,
    documents.LiveEditing: documents.Documents,
    documents.FreeEditing: documents.LiveEditing,
    billing.PaidProjects: billing.Billing,
    billing.PriceList: billing.Billing,
    billing.PlanCancellation: billing.Billing,
    billing.BillAddress: billing.Billing,
    operator.BillingCalendar: billing.Billing,
    operator.PlainErasure: operator.Erasure,
    face.LoadedPages: accounts.Sessions,
    face.DecisiveButtons: projects.Projects,
    face.Keyboard: face.DecisiveButtons,
    face.SessionCookies: accounts.Sessions,
    face.OwnPages: accounts.Sessions,
    face.OwnForms: accounts.SignUp,
    lifecycle.Lifecycle: projects.Projects,
    lifecycle.TransitionRules: lifecycle.Lifecycle,
    lifecycle.Trash: Action.DELETE,
    lifecycle.Retention: lifecycle.Trash,
    operator.RetentionCalendar: lifecycle.Retention,
    **dict.fromkeys(Action, lifecycle.Lifecycle),
    Action.UNARCHIVE: Action.ARCHIVE,
    Action.RESUME: Action.SUSPEND,
    Action.RESTORE: Action.DELETE,
}
"""What is offered makes no sense without something else: who signs people up must be able to erase them, who restores must delete."""


def product(name: str) -> object:
    """Return the PRODUCT of a folder."""
    return importlib.import_module(f"products.{name}.product").PRODUCT


def every_driver() -> list[object]:
    """Return each driver of each product, to be tested by its name."""
    return [pytest.param(driver, id=f"{name}-{at}") for name in NAMES for at, driver in product(name).drivers.items()]


def modules(folder: Path) -> Iterator[ModuleType]:
    """Import every module of a product's drivers; its own starter and the product itself are left alone."""
    for found in pkgutil.walk_packages([str(folder)], f"products.{folder.name}."):
        if not TENANTS & set(found.name.split(".")) and not found.name.endswith((".serve", ".installation")):
            yield importlib.import_module(found.name)


def holder(driver: type[Driver], protocol: type) -> type | None:
    """Return the class that should fulfil a Protocol."""
    room = protocol.__module__.rpartition(".")[2]
    return get_type_hints(driver.operator)["return"] if room == "operator" else get_type_hints(driver.actor).get(room)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_gives_a_product(name):
    """A product has a name, a driver for at least one surface each under its own, a way to be served and a way to be known."""
    found = product(name)

    assert found.name
    assert found.drivers
    assert {at: driver.surface for at, driver in found.drivers.items()} == {at: at for at in found.drivers}
    assert all(issubclass(driver, Driver) and at in Surface for at, driver in found.drivers.items())
    assert list(inspect.signature(found.serve).parameters) == ["folder", "smtp"]
    assert list(inspect.signature(found.version).parameters) == ["client"]


@pytest.mark.parametrize("name", NAMES)
def test_the_check_before_a_run_lets_it_through(name):
    """What a run refuses with a message, no product of this repository has."""
    markers.check_product(product(name))


@pytest.mark.parametrize("driver", every_driver())
def test_whatever_is_offered_is_there(driver):
    """Every method of every Protocol that a driver offers, and of those that it is made of, takes what the contract passes."""
    for offer in (each for each in driver.offers if isinstance(each, type)):
        for protocol in (each for each in offer.__mro__ if each.__module__.startswith(flows.contract.__name__)):
            for name in markers.own_methods(protocol):
                found = getattr(holder(driver, protocol), name, None)
                assert found, f"{driver.__name__} offers {offer.__name__}, and has no {protocol.__name__}.{name}"
                promised, has = (list(inspect.signature(each).parameters) for each in (getattr(protocol, name), found))
                assert has == promised, f"{found.__qualname__} takes {has}, the contract passes {promised}"


@pytest.mark.parametrize("driver", every_driver())
def test_offers_are_the_contracts_and_are_made_once(driver):
    """A driver offers Protocols of the contract, actions and roles, each once, and nothing that is never offered."""
    assert len(set(driver.offers)) == len(list(driver.offers))
    for offer in driver.offers:
        assert isinstance(offer, (Action, Role)) or offer.__module__.startswith("flows.contract."), offer
    assert accounts.Newcomers not in driver.offers
    assert set(driver.by_staff) <= set(Action)


@pytest.mark.parametrize("driver", every_driver())
def test_offers_make_sense_together(driver):
    """What is offered comes with what it stands on."""
    lacking = {f"{offer} without {needed}" for offer, needed in IMPLIED.items() if fulfils(driver.offers, offer) and not fulfils(driver.offers, needed)}

    assert not lacking


@pytest.mark.parametrize("driver", every_driver())
def test_actors_can_be_copied_and_let_go(driver):
    """An actor has a twin and an end; one that issues tokens bears them."""
    needed = {"twin", "close"} | ({"bearing"} if fulfils(driver.offers, accounts.ApiTokens) else set())

    assert {name for name in needed if not callable(getattr(driver.actor, name, None))} == set()


@pytest.mark.parametrize("name", NAMES)
def test_both_surfaces_offer_the_same_operator(name):
    """What the operator can do does not depend on where the customer is."""
    at_each = {
        frozenset(offer for offer in driver.offers if getattr(offer, "__module__", "") == operator.__name__) for driver in product(name).drivers.values()
    }

    assert len(at_each) == 1


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_refusals_mean_reasons(folder):
    """A product's refusals.py knows what its words mean: every meaning is a reason of the contract, and none is given up as unknown."""
    told = importlib.import_module(f"products.{folder.name}.refusals")
    tables = [table for table in vars(told).values() if isinstance(table, Mapping) and any(isinstance(each, Reason) for each in table.values())]

    assert tables
    for table in tables:
        assert all(isinstance(meaning, Reason) and meaning is not Reason.UNKNOWN for meaning in table.values()), table


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_no_product_knows_another(folder):
    """No module of a product imports another product, not even inside a function."""
    others = set(NAMES) - {folder.name}
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in named if name.startswith("products.") and name.split(".")[1] in others], f"{file} imports another product"


def test_the_import_contract_names_every_product():
    """A product that is added is added to the contract of independence too."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [independent] = [contract for contract in contracts if contract["type"] == "independence"]

    assert sorted(independent["modules"]) == [f"products.{name}" for name in NAMES]


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_every_module_of_a_driver_can_be_imported(folder):
    """Nothing in a product's drivers needs what only the product itself has installed."""
    assert list(modules(folder))
