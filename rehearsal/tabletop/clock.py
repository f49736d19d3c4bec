"""The facilitator's clock: it runs while the table talks, and stands while it does not. It keeps no time of its own: now is an argument."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """So many seconds have passed, and it has been running `since` then (seconds since the epoch; None while it stands)."""

    passed: float = 0.0
    since: float | None = None

    @property
    def runs(self) -> bool:
        """Tell whether it runs."""
        return self.since is not None

    def at(self, now: float) -> float:
        """Return the seconds that it shows. A wall clock that is set back does not turn it back."""
        return self.passed + (max(0.0, now - self.since) if self.since is not None else 0.0)

    def started(self, now: float) -> Clock:
        """Let it run."""
        return self if self.runs else Clock(self.passed, now)

    def stopped(self, now: float) -> Clock:
        """Let it stand."""
        return Clock(self.at(now))


def shown(seconds: float) -> str:
    """Write what a clock shows: ``7:05``, ``1:02:10``; less than nothing has a sign."""
    whole = round(abs(seconds))
    sign = "-" if seconds < 0 and whole else ""
    hours, rest = divmod(whole, 3600)
    return f"{sign}{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{sign}{rest // 60}:{rest % 60:02}"
