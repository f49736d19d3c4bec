"""Whatever a driver offers, its actors have: each method of each Protocol, under the name of its module and with its parameters."""

import inspect
from typing import get_type_hints

import pytest

from flows.contract import operator
from flows.contract.driver import Surface
from flows.contract.lifecycle import Action, Lifecycle
from products.cloudsuite.api.operator import ApiOperator
from products.cloudsuite.product import PRODUCT


def holder(driver, protocol):
    """Return the class that should fulfil a Protocol, and what it is called."""
    if protocol.__module__ == operator.__name__:
        return ApiOperator
    return get_type_hints(driver.actor)[protocol.__module__.rpartition(".")[2]]


@pytest.mark.parametrize("driver", PRODUCT.drivers.values(), ids=list(PRODUCT.drivers))
def test_whatever_is_offered_is_there(driver):
    """Every method of every Protocol that a driver offers takes what the contract passes."""
    for protocol in (offer for offer in driver.offers if not isinstance(offer, Action)):
        found = holder(driver, protocol)
        for name, method in inspect.getmembers(protocol, inspect.isfunction):
            if name.startswith("_"):
                continue
            assert hasattr(found, name), f"{found.__name__} lacks {protocol.__name__}.{name}"
            promised, has = (list(inspect.signature(each).parameters) for each in (method, getattr(found, name)))
            assert has == promised, f"{found.__name__}.{name} takes {has}, the contract passes {promised}"


@pytest.mark.parametrize("driver", PRODUCT.drivers.values(), ids=list(PRODUCT.drivers))
def test_actions_are_offered_with_the_means_to_do_them(driver):
    """Who offers an action offers the lifecycle."""
    assert Lifecycle in driver.offers or not set(Action) & set(driver.offers)


def test_both_surfaces_have_a_driver():
    """Cloud Suite is met by API and by page."""
    assert {surface: driver.surface for surface, driver in PRODUCT.drivers.items()} == {surface: surface for surface in Surface}
