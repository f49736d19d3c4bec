"""Cloud Suite, the embedded reference product: `app` is the product itself, everything beside it is what the suite knows of it from outside."""
