"""Talking it through: sealed injects from the risk list, a clock, a record, and a report whose plan changes close only when a rehearsal proves them.

```
deck      the cards: what happens, and what happens next
seal      a card is committed to before the session, and opened in it
record    what happened, a line for each event, on the disk before the next prompt
session   the state that a record tells; nothing else is kept
clock     time that passes only while the table talks
command   what the facilitator types
play      a command becomes an event
items     what has to live longer than one session: in git, where it is reviewed
closing   what proves that an item is done
report    the after-action report; markdown and page write it
```
"""
