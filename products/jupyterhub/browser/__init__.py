"""JupyterHub through its pages."""
