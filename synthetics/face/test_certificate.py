"""Outages by calendar."""

import time

from flows.contract.driver import Surface
from flows.contract.face import Encryption
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step

DAY = 86_400.0


@scenario(
    "face.certificate",
    owner="operators",
    risk="certificate",
    severity="error",
    failure="expiry",
    needs=(Encryption,),
    surfaces=(Surface.API,),
)
def test_the_certificate_is_good_for_another_month(visitor: Customer) -> None:
    """The certificate is good for 30 more days, bears the right name and comes with its whole chain; who comes without TLS is led to it."""
    with step("read the certificate"):
        shown = visitor.face.certificate()
    with step("come without TLS"):
        led = visitor.face.in_the_clear()

    assert not shown.distrust, f"the certificate of {shown.host} is not trusted: {shown.distrust}"
    left = (shown.ends - time.time()) / DAY
    assert left >= 30, f"the certificate of {shown.host} is good for {left:.1f} more days, and should be for 30: renew it"
    assert led is None or led.startswith("https://"), f"who comes without TLS is {f'led to {led}' if led else 'served'}, and should be led to https://"
