"""Who cares, and why: owners, risks and runbooks of the launch, and their loader."""
