"""JupyterHub through its REST API, and through the forms where it has no API: sign-up and log-in."""
