"""Names tell whose they are, and credentials stay as they are."""

from __future__ import annotations

import re

from flows import naming
from flows.naming import Identity


def test_a_name_has_the_prefix_and_is_nobody_elses() -> None:
    """Many names of a run all bear its prefix and are all different."""
    names = {naming.fresh("syn-4f1c") for _ in range(1000)}

    assert len(names) == 1000
    assert all(re.fullmatch(r"syn-4f1c-[0-9a-f]{8}", name) for name in names)


def test_a_password_survives_every_encoding_and_suits_every_rule() -> None:
    """A password has 24 letters and digits, with a capital, a small one and a digit among them."""
    password = naming.fresh_password()

    assert re.fullmatch(r"[A-Za-z0-9]{24}", password)
    assert all(re.search(kind, password) for kind in ("[A-Z]", "[a-z]", "[0-9]"))


def test_an_identity_does_not_tell_its_password() -> None:
    """The text of an identity is its address alone."""
    assert repr(Identity("A", "a@example.com", "Aa1secret")) == "Identity(a@example.com)"


def test_what_names_are_made_from_can_be_given() -> None:
    """A replay makes the names of then; afterwards they are nobody's again."""
    naming.use(token=lambda count: "ab" * count)
    try:
        assert (naming.fresh("syn"), naming.fresh_password()) == ("syn-abababab", f"Aa1{'ab' * 10}z")
    finally:
        naming.use()

    assert naming.fresh("syn") != naming.fresh("syn")
