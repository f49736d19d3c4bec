"""Telling: what a run says to people and to other programs."""
