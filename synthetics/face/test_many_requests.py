"""Most of them is not all of them."""

from flows import face
from flows.contract.driver import Surface
from flows.contract.face import Reading
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "face.many-requests",
    owner="operators",
    risk="grey-failure",
    severity="critical",
    failure="availability",
    needs=(Reading,),
    surfaces=(Surface.API,),
)
def test_every_one_of_many_reads_is_answered(customer: Customer) -> None:
    """Of 40 reads of what customers read most, none fails, none is turned away, and none is answered with something else."""
    read = face.glances(customer)

    troubles = [f"{each.what}: {each.trouble}" for each in read if each.trouble]
    assert not troubles, f"{len(troubles)} of {len(read)} reads went wrong: {'; '.join(troubles[:5])}"
