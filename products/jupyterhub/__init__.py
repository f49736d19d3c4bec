"""JupyterHub, a real product: `serve.py` installs and starts one on loopback, everything beside it is what the suite knows of it from outside."""
