"""What is asked of every card. The report says of each whether the room knew the answer, would have had to ask, or never got to it."""

from __future__ import annotations

QUESTIONS = {
    "told": "Who is told, in which order, and by what?",
    "know": "How do they know? What shows it, besides the customer's word?",
    "runbook": "Which runbook? Open it: does its first step work today?",
    "rollback": "What is the rollback, how long does it take, who is able to do it?",
    "decides": "Who decides, and what do they need to know for it?",
    "customers": "What are customers told: by whom, where, and when?",
    "over": "When is it over, and who says so?",
}
"""The questions by id, in the order in which they are asked."""

RATINGS = {
    "P": "performed without challenges",
    "S": "performed with some challenges",
    "M": "performed with major challenges",
    "U": "unable to be performed",
}
"""How the room did on a card, in the four grades of HSEEP, so that sessions can be compared."""
