"""Seals: before the session a card is committed to by a hash, in it it is opened, and afterwards anybody can check that it is the same card.

A commitment is the SHA-256 of salt, line feed and card, the card as JSON with sorted keys; the salt keeps it from being guessed by hashing the risk list.
The deck's seal is the hash of all commitments, short enough to be read out: whoever wrote it down at the beginning knows at the end that no card was swapped.

The sealed card lies in the record, so that a session survives its process. It is packed against a glance, not against somebody who unpacks it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rehearsal.tabletop.deck import Card, Stage


@dataclass(frozen=True)
class Sealed:
    """A card before it is opened: its commitment (hexadecimal), and the envelope that holds salt and card."""

    commitment: str
    envelope: str


class BrokenSealError(ValueError):
    """An envelope does not hold what was committed to."""


def written(card: Card) -> str:
    """Write a card as it is hashed."""
    return json.dumps(asdict(card), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def commitment(salt: str, card: str) -> str:
    """Return the hash of a written card."""
    return hashlib.sha256(f"{salt}\n{card}".encode()).hexdigest()


def close(card: Card, seed: str, position: int) -> Sealed:
    """Seal a card. The salt follows from seed and position: whoever has the seed can make every seal anew."""
    salt = hashlib.sha256(f"salt\n{seed}\n{position}".encode()).hexdigest()[:32]
    packed = base64.b64encode(zlib.compress(json.dumps([salt, written(card)]).encode(), 9)).decode()
    return Sealed(commitment(salt, written(card)), packed)


def open_(sealed: Sealed) -> tuple[Card, str]:
    """Open an envelope; returns the card and its salt.

    Raises:
        BrokenSealError: it holds something else than was committed to.
    """
    try:
        salt, text = json.loads(zlib.decompress(base64.b64decode(sealed.envelope, validate=True)))
        raw = json.loads(text)
        card = Card(**{**raw, "stages": tuple(Stage(**each) for each in raw["stages"]), "questions": tuple(raw["questions"])})
    except (binascii.Error, zlib.error, ValueError, TypeError, KeyError, AttributeError) as cause:
        raise BrokenSealError("the envelope cannot be read") from cause
    if commitment(salt, text) != sealed.commitment:
        raise BrokenSealError("the envelope holds another card than was committed to")
    return card, salt


def of_deck(commitments: Sequence[str]) -> str:
    """Return the seal of a deck, in groups that can be read out: ``3f9a-22c1-80de-5b17``."""
    whole = hashlib.sha256("\n".join(commitments).encode()).hexdigest()
    return "-".join(whole[at : at + 4] for at in range(0, 16, 4))
