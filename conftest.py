"""The fixture plugins, and nothing else."""

pytest_plugins = [
    "fixtures.pace",
    "fixtures.leash",
    "fixtures.lanes",
    "fixtures.markers",
    "fixtures.recorder",
    "fixtures.evidence",
    "fixtures.labels",
    "fixtures.site",
]
