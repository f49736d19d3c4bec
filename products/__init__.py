"""Where it runs: one folder for each product; what every driver is given stands in `wiring`, `http` and `pages`."""
