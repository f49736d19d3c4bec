"""Faults on the wire: a forward proxy between the suite and a target, which misbehaves as the board's rules say."""
