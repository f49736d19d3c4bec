"""The HTML pages: one router for each area of the product."""
