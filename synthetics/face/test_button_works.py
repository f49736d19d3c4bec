"""The buttons on which everything hangs."""

from flows import face, signup
from flows.blame import arranging
from flows.contract.accounts import Sessions, SignUp
from flows.contract.driver import Surface
from flows.contract.face import Act, DecisiveButtons, Keyboard
from flows.contract.projects import Projects
from flows.scenario import scenario
from flows.site import Customer


@scenario(
    "face.button-works",
    owner="growth",
    risk="page-broken",
    severity="critical",
    failure="availability",
    needs=(SignUp, Sessions, Projects, DecisiveButtons, Keyboard),
    surfaces=(Surface.BROWSER,),
)
def test_decisive_buttons_can_be_pressed_and_do_what_they_say(visitor: Customer) -> None:
    """The buttons to sign up and to create a project lie open to a mouse, and with a keyboard alone a stranger gets an account and a project."""
    pressed = face.button(visitor, Act.SIGN_UP)
    assert not pressed.hindrances, f"the button '{pressed.name}' cannot be pressed: {', '.join(pressed.hindrances)}"
    face.register_by_keyboard(visitor)
    with arranging("a log-in"):
        signup.confirm(visitor)
        signup.log_in(visitor)

    pressed = face.button(visitor, Act.CREATE)
    assert not pressed.hindrances, f"the button '{pressed.name}' cannot be pressed: {', '.join(pressed.hindrances)}"
    asked = face.request_by_keyboard(visitor)

    assert asked.id in {each.id for each in visitor.projects.projects()}, "the project that was asked for is not listed"
