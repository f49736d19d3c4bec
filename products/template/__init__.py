"""A product's folder to copy and fill in: README.md says how. It offers the smallest useful part of the contract, through an API and through pages."""
