"""A product of nothing but speed: accounts and projects in memory, small pages, small JSON. What is measured against it is the suite."""
