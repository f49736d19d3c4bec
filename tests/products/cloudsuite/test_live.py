"""The live editor's driver: what its sockets share."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from products.cloudsuite.api import live

MANY = 8


def test_whoever_comes_first_at_once_gets_the_same_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lanes open their first editors at the same time; a socket that is opened in one loop and used from another is an error."""
    live._started.cache_clear()
    made, slow, together = [], threading.Event(), threading.Barrier(MANY)
    start = asyncio.new_event_loop

    def slowly() -> asyncio.AbstractEventLoop:
        slow.wait(0.05)
        made.append(start())
        return made[-1]

    monkeypatch.setattr(asyncio, "new_event_loop", slowly)

    def first() -> asyncio.AbstractEventLoop:
        together.wait()
        return live._loop()

    with ThreadPoolExecutor(MANY) as pool:
        loops = {id(each.result()) for each in [pool.submit(first) for _ in range(MANY)]}

    assert len(made) == len(loops) == 1
