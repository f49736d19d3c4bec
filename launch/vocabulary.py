"""The closed vocabularies of a scenario."""

from __future__ import annotations

SEVERITIES = ("critical", "error", "warning", "info")
"""From a page at night to a line in a log: SEV1/2, SEV3, SEV4, SEV5."""

FAILURE_CLASSES = ("integrity", "availability", "latency", "expiry")
"""What kind of promise breaks; each has its own alerting policy."""

JOURNEYS = {
    "signup": "Signup and onboarding",
    "provisioning": "Provisioning",
    "quota": "Quota",
    "lifecycle": "Lifecycle",
    "collaboration": "Collaboration and workspace",
    "account": "Account and billing",
    "face": "The face of the product",
}
"""The journeys, in the order in which a stranger makes them; each is a folder of ``synthetics/``."""
