"""Another name, the same thing."""

from flows import people, provisioning, quota
from flows.contract.accounts import Newcomers
from flows.contract.documents import Documents
from flows.contract.lifecycle import Renaming, VersionedRenaming
from flows.contract.people import Invitations, People, Role
from flows.contract.projects import FreeNames, Project, Projects, UniqueNames
from flows.refusal import Reason, refused
from flows.scenario import scenario
from flows.site import Customer
from flows.steps import step
from flows.waiting import settled

ODD = ' · Größe <b>5</b> & "mehr"'
"""What a name may end in where it may be any text: a page that takes it for markup, or an encoding that is not meant for it, shows something else."""


@scenario(
    "lifecycle.rename",
    owner="platform",
    risk="lifecycle-corrupt",
    severity="warning",
    failure="integrity",
    needs=(Projects, Documents, Renaming),
)
def test_renaming_keeps_links_and_rights(customer: Customer, project: Project) -> None:
    """A renamed project keeps address, documents and its people's rights, shows its name everywhere, as typed, and loses it to nobody who has not seen it."""
    document = customer.documents.write(project.id, "Kept", "under any name")
    viewer = people.colleague(customer, Role.VIEWER) if customer.offers_all(Newcomers, People, Invitations, Role.VIEWER) else None
    name = customer.site.project_name()
    if customer.offers(FreeNames):
        name += ODD

    with step("rename the project"):
        customer.lifecycle.rename(project.id, name)

    for who in filter(None, (customer, viewer)):
        assert shown_name(who, project) == name, f"{who.email} sees the old name under the old address"
        assert listed_name(who, project, name) == name, f"{who.email} sees another name in the list"
        assert who.documents.read(project.id, document.id).body == document.body
    if viewer:
        with refused(Reason.FORBIDDEN, doing="renaming as a viewer"):
            viewer.lifecycle.rename(project.id, customer.site.project_name())
    if customer.offers(UniqueNames):
        quota.require_room(customer, 1)
        other = provisioning.request(customer, name=project.name)
        with refused(Reason.TAKEN, doing="renaming a project to the name of another"):
            customer.lifecycle.rename(project.id, other.name)
        assert shown_name(customer, project) == name, "a project was refused another name, and has not kept its own"
    if customer.offers(VersionedRenaming):
        first, twin = customer.site.project_name(), customer.twin()
        with refused(Reason.CONFLICT, doing="giving a project another name that was given one meanwhile"):
            customer.lifecycle.rename_while(project.id, customer.site.project_name(), lambda: twin.lifecycle.rename(project.id, first))
        late = customer.site.budget("agreement")
        kept = settled(lambda: customer.projects.project(project.id).name, when=lambda shown: shown == first, within=late, of="the name shown")
        assert kept == first, "the name that was given first is gone"


def shown_name(who: Customer, project: Project) -> str:
    """Return the name that a project shows under its address, once it is another than before."""
    late = who.site.budget("agreement")
    return settled(lambda: who.projects.project(project.id).name, when=lambda name: name != project.name, within=late, of="the name shown")


def listed_name(who: Customer, project: Project, name: str) -> str | None:
    """Return the name under which a project is listed, once it is `name`; what it is in the end, if that does not come in time."""

    def look() -> str | None:
        return next((each.name for each in who.projects.projects() if each.id == project.id), None)

    return settled(look, when=lambda seen: seen == name, within=who.site.budget("agreement"), of="the name listed")
