"""Receivers that take everything, and what can be asked of them afterwards: Alertmanager's API, webhooks, heartbeats, apprise's JSON."""

from __future__ import annotations

from rehearsal.receiver import Reply, Request


def takes_everything(_: Request) -> Reply:
    """Answer 200 without a word."""
    return Reply(200)


def alertmanager(request: Request) -> Reply:
    """Take alerts as Alertmanager does: an array, each with labels, and an end that is not before its start."""
    if request.path != "/api/v2/alerts":
        return Reply(404)
    for each in request.json():
        if not each["labels"] or any(not value for value in each["labels"].values()):
            return Reply(400, b'"at least one label pair required"')
        if each["endsAt"] < each["startsAt"]:
            return Reply(400, b'"start time must be before end time"')
    return Reply(200)
