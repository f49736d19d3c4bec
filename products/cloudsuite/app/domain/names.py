"""What people may type: names, and e-mail addresses."""

from __future__ import annotations

import re

from products.cloudsuite.app import refusals

LONGEST_NAME = 80
LONGEST_EMAIL = 254
EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")


def clean_name(text: str, field: str = "name") -> str:
    """A name without space around it: one line, from 1 to 80 characters."""
    name = text.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise refusals.invalid_input(field, f"Use from 1 to {LONGEST_NAME} characters.")
    if not name.isprintable():
        raise refusals.invalid_input(field, "Use one line of plain text.")
    return name


def clean_email(text: str, field: str = "email") -> str:
    """An address as it is kept and compared: trimmed, lower case. Plus-tags make distinct addresses."""
    email = text.strip().lower()
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        raise refusals.invalid_input(field, "Give an address such as name@example.com.")
    return email
