"""What time it is."""

import time

from flows.contract.driver import Surface
from flows.contract.face import Clock
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step


@scenario(
    "face.clock-agrees",
    owner="operators",
    risk="clock-skew",
    severity="error",
    failure="integrity",
    needs=(Clock,),
    surfaces=(Surface.API,),
)
def test_the_product_knows_what_time_it_is(customer: Customer) -> None:
    """Every part of the product that tells the time is within a minute of the runner's clock."""
    before = time.time()
    with step("ask what time it is"):
        clocks = customer.face.clocks()
    after = time.time()

    assert clocks, "no part tells the time"
    off = {part: at - after if at > after else min(0.0, at - before) for part, at in clocks.items()}
    wrong = [f"{part} is {abs(by):.0f} s {'ahead' if by > 0 else 'behind'}" for part, by in off.items() if abs(by) > 60]
    assert not wrong, f"by the runner's clock, {'; '.join(wrong)}"
