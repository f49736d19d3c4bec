"""What a bar tells people is what it tells machines."""

import pytest

from products.cloudsuite.browser.quotas import says

SAME = [
    ("Projects\n1 of\n2", 1, 2),
    ("Projects 3 of unlimited", 3, None),
    ("Storage 1.5 KiB of 256.0 KiB", 1500, 262_144),
    ("Storage 1 Byte of 10.0 MiB", 1, 10_485_760),
    ("Storage 0 Bytes of 256.0 KiB", 0, 262_144),
]
OTHER = [
    ("Projects 1 of 2", 1, 3),
    ("Projects 1 of 2", 2, 2),
    ("Projects 1 of 2", 1, None),
    ("Projects 3 of unlimited", 3, 4),
    ("Storage 1.5 KiB of 256.0 KiB", 1700, 262_144),
    ("Storage 6 Bytes of 10.0 MiB", 5, 10_485_760),
    ("Projects", 0, 2),
]


@pytest.mark.parametrize(("words", "used", "limit"), SAME)
def test_the_words_that_say_the_same(words: str, used: int, limit: int | None) -> None:
    assert says(words, used, limit)


@pytest.mark.parametrize(("words", "used", "limit"), OTHER)
def test_the_words_that_say_something_else(words: str, used: int, limit: int | None) -> None:
    assert not says(words, used, limit)
