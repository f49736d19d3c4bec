"""The same journey without this suite."""
