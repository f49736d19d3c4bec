"""Cloud Suite through its JSON API."""
