"""What a project can be made of, what it costs, and how its region provisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from products.cloudsuite.app import refusals

TEMPLATES = ("blank", "website", "database")
REGIONS = ("eu-north", "us-east")

TIERS: Mapping[str, int] = {"starter": 0, "standard": 900}
"""What a project of each tier costs when it becomes ready, in cents."""


@dataclass(frozen=True)
class TestRegion:
    """A region that behaves badly on purpose, as payment providers have test cards."""

    description: str
    fails_attempts: float = 0
    """How many attempts fail before one succeeds."""
    seconds: float | None = None
    """How long it provisions; None as long as any other region."""


TEST_REGIONS: Mapping[str, TestRegion] = {
    "zz-fail": TestRegion("Provisioning always fails.", fails_attempts=float("inf")),
    "zz-flaky": TestRegion("The first attempt fails, a retry succeeds.", fails_attempts=1),
    "zz-slow": TestRegion("Provisioning takes 60 seconds.", seconds=60.0),
}


def require_offered(template: str, tier: str, region: str) -> None:
    """Refuse what the catalogue does not hold, at its field."""
    if template not in TEMPLATES:
        raise refusals.invalid_input("template", f"Choose one of {', '.join(TEMPLATES)}.")
    if tier not in TIERS:
        raise refusals.invalid_input("tier", f"Choose one of {', '.join(TIERS)}.")
    if region not in REGIONS and region not in TEST_REGIONS:
        raise refusals.invalid_input("region", f"Choose one of {', '.join((*REGIONS, *TEST_REGIONS))}.")


def describe() -> dict[str, object]:
    """The catalogue as the API shows it."""
    return {
        "templates": list(TEMPLATES),
        "tiers": list(TIERS),
        "regions": list(REGIONS),
        "test_regions": {name: region.description for name, region in TEST_REGIONS.items()},
    }
