"""The face of the product."""
