"""The slow few."""

from flows import face
from flows.contract.driver import Surface
from flows.contract.face import Reading
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "face.answers-in-time",
    owner="operators",
    risk="grey-failure",
    severity="error",
    failure="latency",
    needs=(Reading,),
    surfaces=(Surface.API,),
)
def test_nineteen_of_twenty_reads_are_quick_and_none_is_endless(customer: Customer) -> None:
    """Of 40 reads of what customers read most, 95 in 100 are answered in the time that is expected, and every one within its limit."""
    read = face.served(customer)
    budget = customer.site.budget("response")

    nearly_all, slowest = face.percentile(read, 0.95), face.percentile(read, 1.0)
    face.punctual(f"the 95th percentile of {len(read)} reads ({nearly_all.what})", nearly_all.seconds, budget.strictly())
    face.punctual(f"the slowest of {len(read)} reads ({slowest.what})", slowest.seconds, budget)
