"""Pure judgement: what an outcome is, and what follows from many of them."""
