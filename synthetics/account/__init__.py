"""Account and billing."""
